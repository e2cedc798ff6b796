import type { Day } from '#domain/calendar/day.ts';

const madeAt = /\/(CreationDate|ModDate) \(D:\d{14}/g;
const nodeId = /\(node\d{8}\)/g;

/**
 * A PDF of Chromium's without what tells one printing from another, so that one content has one hash: its dates
 * become a day's midnight, and its tags are numbered from 0 instead of on from the page before.
 */
export const sameEachTime = (pdf: Uint8Array, on: Day): Buffer => {
  // Every replacement is as long as what it replaces: the file's table of offsets stays right.
  const text = Buffer.from(pdf).toString('latin1');
  const nodes = [...new Set(text.match(nodeId))].sort();
  const numbers = new Map(nodes.map((node, index) => [node, `(node${String(index).padStart(8, '0')})`]));
  const dated = text.replace(madeAt, `/$1 (D:${on.replaceAll('-', '')}000000`);
  return Buffer.from(
    dated.replace(nodeId, (node) => numbers.get(node) ?? node),
    'latin1',
  );
};
