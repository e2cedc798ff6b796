import { decode, type OpenedEvent } from '#application/eventCodec.ts';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '#application/ports.ts';
import type { Sealing } from '#application/sealing.ts';
import { placeOf } from './auditChain.ts';
import type { Checking, Findings } from './findings.ts';
import type { ScratchBook } from './scratchBook.ts';

const batch = 2000;

/** A log to read; `gapFree` where its positions have to be (embedded). */
export type ReadLog = { eventStore: EventStore; gapFree: boolean };

/** A log to walk through from its start. */
export type CheckedLog = ReadLog & {
  sealing: Sealing;
  book: ScratchBook;
  /** Told of every event that opens. */
  onEvent?: (stream: string, opened: OpenedEvent) => void;
};

/** What was found on the way: how many events, streams, and events whose data key is destroyed. */
export type LogCheck = { events: number; streams: number; erased: number; last: number };

/**
 * Reads a log from its start to its end: positions and revisions without gaps, every event in its current version, every
 * sealed part open unless its key is destroyed, query codes and couples each given once (R3, R9).
 */
export const checkLog = async (log: CheckedLog, { findings, onProgress }: Checking): Promise<LogCheck> => {
  const end = await log.eventStore.lastPosition();
  const counted = { events: 0, erased: 0, last: 0 };
  for (;;) {
    const events = await readOn(log, counted.last, findings);
    for (const event of events) {
      checkPlace(log, event, counted.last, findings);
      counted.last = event.position;
      counted.events += 1;
      if (await isErased(log, event, findings)) counted.erased += 1;
    }
    onProgress(Math.min(counted.last, end), end);
    if (events.length === 0 || counted.last >= end) break;
  }
  checkHolders(log.book, findings);
  return { ...counted, streams: log.book.streams() };
};

/** Checks what one event says; whether its data key is destroyed. */
const isErased = async (log: CheckedLog, event: RecordedEvent, findings: Findings): Promise<boolean> => {
  const opened = await openedOr(event, log.sealing, findings);
  if (opened === undefined) return false;
  log.onEvent?.(event.stream, opened);
  checkUnique(log.book, event, opened, findings);
  if (erasures.has(opened.type)) await checkErased(log, event, findings);
  return opened.erased;
};

/** The next events; past what cannot be read, where the place of the next one is known. */
export const readOn = async ({ eventStore, gapFree }: ReadLog, after: number, findings: Findings) => {
  try {
    return await eventStore.readAll(after, batch);
  } catch (fault) {
    if (!gapFree || !(fault instanceof StoreUnavailable)) throw fault;
    return readOneByOne(eventStore, after, findings);
  }
};

const readOneByOne = async (eventStore: EventStore, after: number, findings: Findings) => {
  const events: RecordedEvent[] = [];
  for (let position = after; position < after + batch; position += 1) {
    try {
      const [event] = await eventStore.readAll(position, 1);
      if (event?.position === position + 1) events.push(event);
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) throw fault;
      const why = fault.cause instanceof Error ? fault.cause.message : fault.message;
      findings.add(`位置 ${position + 1} 的事件无法读取。`, `Event ${position + 1} cannot be read: ${why}`);
    }
  }
  return events;
};

const checkPlace = ({ book, gapFree }: CheckedLog, event: RecordedEvent, before: number, findings: Findings): void => {
  const { position, stream, revision } = event;
  if (position <= before || (gapFree && position !== before + 1)) {
    findings.add(
      `位置 ${before} 之后是 ${position}。`,
      `After position ${before} stands ${position}: ${placeOf(event)}.`,
    );
  }
  const last = book.advance(stream, revision);
  if (revision === last + 1) return;
  findings.add(
    `${stream} 的版本 ${last} 之后是 ${revision}。`,
    `After revision ${last} of ${stream} stands ${revision}, at position ${position}.`,
  );
};

const openedOr = async (event: RecordedEvent, sealing: Sealing, findings: Findings) => {
  try {
    const opened = await decode(event, sealing);
    if (!Number.isNaN(Date.parse(opened.meta.at))) return opened;
    findings.add(`事件 ${placeOf(event)} 没有时间。`, `Event ${placeOf(event)} does not say when it happened.`);
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault;
    findings.add(
      `事件 ${placeOf(event)} 无法解读。`,
      `Event ${placeOf(event)} cannot be opened: ${(fault as Error).message}`,
    );
  }
  return undefined;
};

const erasures = new Set(['RegistrationErased', 'AccountErased']);

/** Of an erased registration or account nothing opens: its data key must not have come back with an older copy. */
const checkErased = async ({ eventStore, sealing }: CheckedLog, { stream }: RecordedEvent, findings: Findings) => {
  const [first] = await eventStore.readStream(stream);
  if (first === undefined || (await decode(first, sealing)).erased) return;
  findings.add(
    `${stream} 已删除，数据密钥却还在：请运行 npm run erase -- --again。`,
    `${stream} is erased, but its data key is there: run npm run erase -- --again.`,
  );
};

const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

const ending = new Set(['Withdrawn', 'Rejected', 'Declined', 'Revoked', 'RegistrationErased', 'SubmissionAbandoned']);

/** An account holds its person as a registration does its couple: both stand in one book, told apart by what they are. */
const noteAccount = (book: ScratchBook, id: string, { type, data }: OpenedEvent): void => {
  const [account, person] = [`account ${id}`, `person ${id}`];
  const { lookup } = data as { lookup?: { idNumber: string } };
  if (type === 'StaffPersonReserved') book.hold(person, `account ${(data as { account: string }).account}`);
  if (type === 'AccountClosed') book.end(account);
  if (type === 'AccountRegistered' || type === 'AccountChanged') book.begin(account, `person ${lookup?.idNumber}`);
};

const checkUnique = (book: ScratchBook, event: RecordedEvent, opened: OpenedEvent, findings: Findings): void => {
  const { type, data } = opened;
  const id = idIn(event.stream);
  noteAccount(book, id, opened);
  if (type === 'CoupleReserved') book.hold(id, (data as { registrationId: string }).registrationId);
  if (ending.has(type)) book.end(id);
  if (type === 'Corrected') book.begin(id, (data as { lookup: { couple: string } }).lookup.couple);
  if (type !== 'Submitted') return;
  const { lookup } = data as { lookup?: { queryCode?: string; couple?: string } };
  if (lookup?.queryCode === undefined || lookup.couple === undefined) {
    findings.add(`事件 ${placeOf(event)} 没有查询键。`, `Event ${placeOf(event)} has no look-up keys.`);
    return;
  }
  const holder = book.giveCode(lookup.queryCode, id);
  if (holder !== undefined) {
    findings.add(
      `登记 ${id} 与 ${holder} 的查询码相同。`,
      `Registrations ${holder} and ${id} have the same query code.`,
    );
  }
  book.begin(id, lookup.couple);
};

const isOfPerson = (holding: string): boolean => holding.startsWith('account ');

const checkHolders = (book: ScratchBook, findings: Findings): void => {
  for (const { ids } of book.doubled()) {
    if (isOfPerson(ids)) {
      findings.add(`同一个人有多个在用账号：${ids}。`, `One person has several live accounts: ${ids}.`);
      continue;
    }
    findings.add(
      `同一对夫妇同一孩次有多份有效登记：${ids}。`,
      `One couple and parity has several live registrations: ${ids}.`,
    );
  }
  for (const { id, holder } of book.unheld()) {
    const by = holder ?? 'nobody';
    if (isOfPerson(id)) {
      findings.add(`${id} 没有占住其本人（${by}）。`, `The ${id} is live, but its person is held by ${by}.`);
      continue;
    }
    findings.add(
      `登记 ${id} 没有占住这对夫妇（${by}）。`,
      `Registration ${id} is live, but its couple is held by ${by}.`,
    );
  }
};
