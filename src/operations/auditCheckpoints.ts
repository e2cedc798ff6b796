import type { CheckpointKeys } from '#application/log/checkpoint.ts';
import { growingRoot } from '#application/log/growingRoot.ts';
import type { RecordedEvent } from '#application/ports.ts';
import type { CheckpointSigned } from '#domain/log/events.ts';
import { clockTolerance, happenedAt, placeOf } from './auditChain.ts';
import type { Findings } from './findings.ts';

/** An event of the walk as far as a root needs it. */
type Leaf = { hash: Buffer; position: number };

/** A checkpoint as the walk met it: the position of the last event that it covers, and when it was signed. */
export type Met = CheckpointSigned['data'] & { coveredTo: number; at: number };

/** What the checkpoints say of the log. */
export type CheckpointAudit = {
  /** Takes the next event; checkpoints are compared with the roots over all events before. */
  take: (event: RecordedEvent, leaf: Leaf) => void;
  newest: () => Met | undefined;
  /** How many of the first events a checkpoint proves to be those that were signed. */
  proven: () => number;
  /** Checkpoints that are signed well, but not of this log. */
  unfit: () => readonly Met[];
  /** Between which checkpoints the log first was not what was signed, and how many checkpoints there are from there on. */
  broken: () => { after: Met | undefined; at: Met; further: number } | undefined;
};

const type = 'CheckpointSigned.v1';

const instant = (at: number): string => new Date(at).toISOString();

const checkOrder = (
  met: CheckpointSigned['data'],
  before: Met | undefined,
  index: number,
  findings: Findings,
): void => {
  if (met.number !== (before?.number ?? 0) + 1) {
    findings.add(
      `检查点 ${before?.number ?? 0} 之后是 ${met.number}：有检查点被删除或次序被改动。`,
      `After checkpoint ${before?.number ?? 0} stands ${met.number}: checkpoints were dropped or reordered.`,
    );
  }
  if (met.size <= (before?.size ?? 0) || met.size > index) {
    findings.add(
      `检查点 ${met.number} 有 ${met.size} 条，它之前却有 ${index} 条：前面的事件被删除，或检查点被移动。`,
      `Checkpoint ${met.number} covers ${met.size} events, but ${index} stand before it (checkpoint ${before?.number ?? 0} covers ${before?.size ?? 0}): events before it were dropped, or it was moved.`,
    );
  }
};

const checkSigner = (
  met: CheckpointSigned['data'],
  before: Met | undefined,
  keys: CheckpointKeys,
  findings: Findings,
) => {
  if (!keys.verify(met) || (before !== undefined && before.origin !== met.origin)) {
    findings.add(
      `检查点 ${met.number} 不是用本平台的密钥签名的。`,
      `Checkpoint ${met.number} was not signed with a key in keys/ (log.jwk, retired/log-….jwk) for this log: it was altered, or a former key is missing.`,
    );
    return false;
  }
  return true;
};

/** Compares the checkpoints in a log with its events, in one walk. `firstSize`: of the first checkpoint, to need less memory. */
export const auditCheckpoints = (keys: CheckpointKeys, firstSize: number, findings: Findings): CheckpointAudit => {
  const root = growingRoot();
  const unfit: Met[] = [];
  const pending: Leaf[] = [];
  let proven = 0;
  let index = 0;
  let coveredTo = 0;
  let newest: Met | undefined;
  let broken: ReturnType<CheckpointAudit['broken']>;
  let latest: { at: number; place: string } | undefined;

  const add = ({ hash, position }: Leaf): void => {
    root.add(hash);
    coveredTo = position;
  };
  const advance = (size: number): void => {
    for (const leaf of pending.splice(0, Math.max(0, size - root.size()))) add(leaf);
  };
  const compare = (met: Met, signed: boolean): void => {
    const fits = signed && root.size() === met.size && root.root().toString('base64') === met.root;
    if (fits) proven = met.size;
    if (signed && !fits) unfit.push(met);
    if (fits) return;
    if (broken === undefined) broken = { after: newest, at: met, further: 0 };
    else broken.further += 1;
  };
  const meet = (event: RecordedEvent): void => {
    const data = event.data as CheckpointSigned['data'];
    const at = happenedAt(event);
    checkOrder(data, newest, index, findings);
    const signed = checkSigner(data, newest, keys, findings);
    advance(data.size);
    const met = { ...data, coveredTo, at };
    compare(met, signed);
    if (latest !== undefined && latest.at > at + clockTolerance) {
      findings.add(
        `事件 ${latest.place} 的时间晚于其后的检查点 ${met.number}。`,
        `Event ${latest.place} says it happened at ${instant(latest.at)}, but stands before checkpoint ${met.number} of ${instant(at)}: its time was altered.`,
      );
    }
    latest = undefined;
    newest = met;
  };
  const checkTime = (event: RecordedEvent): void => {
    const at = happenedAt(event);
    if (latest === undefined || at > latest.at) latest = { at, place: placeOf(event) };
    if (newest === undefined || at >= newest.at - clockTolerance) return;
    findings.add(
      `事件 ${placeOf(event)} 的时间早于其前的检查点 ${newest.number}：被倒填日期。`,
      `Event ${placeOf(event)} says it happened at ${instant(at)}, but stands after checkpoint ${newest.number} of ${instant(newest.at)}: it was back-dated.`,
    );
  };

  return {
    take: (event, leaf) => {
      if (event.type === type) meet(event);
      else checkTime(event);
      if (index < firstSize) add(leaf);
      else pending.push(leaf);
      index += 1;
    },
    newest: () => newest,
    proven: () => proven,
    unfit: () => unfit,
    broken: () => broken,
  };
};
