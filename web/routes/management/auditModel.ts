import type { FastifyRequest } from 'fastify';
import type { TrailLine } from '#application/auditLines.ts';
import type { Services } from '#application/services.ts';
import { parseShipment, parseStockId } from '#domain/stock/numbers.ts';
import { shortNumberOf } from '#projections/shortNumber.ts';
import { momentText } from '../../times.ts';
import { staffOf } from './access.ts';
import { eventTitle } from './historyModel.ts';
import { officeName } from './shown.ts';

/** One line of a trail as pages and spreadsheets show it. */
export type ShownLine = {
  at: string;
  who: string;
  account: string | undefined;
  /** The trail of who it was, where the reader may read it. */
  own: string | undefined;
  office: string | undefined;
  what: string;
  about: string;
  href: string | undefined;
  task: string | undefined;
  reason: string | undefined;
  searched: string | undefined;
  from: string;
  self: boolean;
};

type Row = TrailLine['row'];

const whoOf = (request: FastifyRequest, { row, name }: TrailLine): string =>
  row.actor.kind === 'staff' ? (name ?? row.actor.account ?? '') : request.text(`history.actors.${row.actor.kind}`);

/** The words for a look: at an organisation it is its people, or, where it was not their own task, its registrations. */
const lookText = (request: FastifyRequest, { what = 'opened', about, task }: Row): string => {
  const [kind = 'registration'] = about.split(':');
  if (kind !== 'organisation' || what === 'lookedUp' || what === 'scanOpened') {
    return request.text(`audit.what.${what}`, { kind: request.text(`audit.kinds.${kind}`) });
  }
  const ofPeople = task === 'own' || what !== 'listed';
  return request.text(`audit.${ofPeople ? 'ofPeople' : 'what'}.${what}`);
};

const whatOf = (request: FastifyRequest, row: Row): string => {
  const { type, what, exported } = row;
  if (type === 'PersonalDataViewed') return lookText(request, row);
  if (type !== 'AuditTrailRead') return eventTitle(request, type);
  const read = request.text(`audit.read.${what}`);
  return exported ? request.text('audit.exported', { read }) : read;
};

const idOf = ({ about }: Row): string => about.slice(about.indexOf(':') + 1);
const kindOf = ({ about }: Row): string => about.slice(0, about.indexOf(':'));

/** What a line is about, so that people can tell one from another: organisations by name, registrations by the end of their id. */
const aboutOf = (services: Services, request: FastifyRequest, row: Row): string => {
  const [kind, id] = [kindOf(row), idOf(row)];
  const text = kind === 'registration' ? shortNumberOf(id) : kind === 'organisation' ? officeName(services, id) : id;
  return request.text('audit.about', { kind: request.text(`audit.kinds.${kind}`), id: text });
};

/** “业务管理网页 · 10.52.11.4”: the entry, and the address, or its network where only that is known. */
const fromText = (request: FastifyRequest, { row: { from }, address }: TrailLine): string => {
  if (from === undefined) return '';
  const entry = request.text(`audit.entries.${from.site}.${from.entry}`);
  return `${entry} · ${address ?? from.network}`;
};

const reasonText = (request: FastifyRequest, { row, reason }: TrailLine): string | undefined => {
  if (row.reason === undefined) return undefined;
  const words = request.text(`reason.codes.${row.reason}`);
  return reason === undefined ? words : request.text('audit.reason', { code: words, text: reason });
};

/** The trail of whose line it is; undefined outside the reader's part of the tree. */
const ownTrailOf = (services: Services, request: FastifyRequest, { actor, account, office }: Row) => {
  const [who, where] = [actor.account ?? account, actor.office ?? office];
  const open = who !== undefined && where !== undefined && services.audit.mayReadTrail(staffOf(request), where);
  return open ? `/audit/accounts/${encodeURIComponent(who)}` : undefined;
};

/** The office whose record it is, as far as the line tells. */
const officeIn = (row: Row): string | undefined => {
  const [kind, id] = [kindOf(row), idOf(row)];
  if (kind === 'organisation') return id;
  if (kind === 'stock') return parseStockId(id)?.office;
  if (kind === 'shipment') return parseShipment(id)?.from;
  return kind === 'account' ? row.aboutOffice : undefined;
};

/** The trail of the record that a line is about; undefined outside the reader's part of the tree, as far as the line tells. */
const recordTrailOf = (services: Services, request: FastifyRequest, row: Row): string | undefined => {
  const [kind, id] = [kindOf(row), idOf(row)];
  if (id === '') return undefined;
  // Registrations go from office to office: the line tells where one was, not where it is.
  const where = officeIn(row);
  const open = where === undefined || services.audit.mayReadTrail(staffOf(request), where);
  return open ? `/audit/records/${kind}/${encodeURIComponent(id)}` : undefined;
};

/** A line of a trail in words. */
export const shownLine = (services: Services, request: FastifyRequest, line: TrailLine): ShownLine => {
  const { row } = line;
  const { account, office } = row.actor;
  return {
    at: row.at,
    who: whoOf(request, line),
    account: account ?? row.account,
    own: ownTrailOf(services, request, row),
    office: office === undefined ? undefined : officeName(services, office),
    what: whatOf(request, row),
    about: aboutOf(services, request, row),
    href: recordTrailOf(services, request, row),
    task: row.task === 'other' ? request.text('audit.otherTask') : undefined,
    reason: reasonText(request, line),
    searched: line.searched,
    from: fromText(request, line),
    self: row.self === true,
  };
};

const columns = [
  ['at', 18],
  ['who', 14],
  ['account', 20],
  ['office', 34],
  ['what', 24],
  ['about', 30],
  ['task', 16],
  ['reason', 30],
  ['searched', 16],
  ['from', 34],
] as const;

/** The head of a spreadsheet of lines. */
export const lineColumns = (request: FastifyRequest) =>
  columns.map(([name, width]) => ({ title: request.text(`audit.columns.${name}`), width }));

/** A line as a row of a spreadsheet. */
export const lineCells = (request: FastifyRequest, line: ShownLine): readonly string[] =>
  columns.map(([name]) => (name === 'at' ? momentText(request.locale, line.at) : (line[name] ?? '')));
