import { createHash } from 'node:crypto';
import { type RegistrationCommand, type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { DocumentKind } from '#domain/registration/documents.ts';
import type { ScanAttached, ScanRemoved, Status } from '#domain/registration/events.ts';
import { type AttachedScan, scanLimits } from '#domain/registration/scans.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import type { RegistrationRow, ScanLine } from '#projections/registration.ts';
import type { AccessRecords } from './access.ts';
import { basisFor, registrationSubject } from './accessBasis.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import { isActOf, type Staff } from './actor.ts';
import { registrationViews } from './applicantCommands.ts';
import { type Authorised, authorise } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { type Handled, handleCommand, type Loaded, load } from './handleCommand.ts';
import { openData, registrationRow } from './opened.ts';
import type { StaffOutcome } from './performAct.ts';
import type { ScanRefusal } from './scanFiles.ts';
import type { StaffRefusal } from './staffQueries.ts';

/** A file as staff send it; its kind is told by its bytes alone. */
export type SentScan = { document: DocumentKind; fileName: string; bytes: Uint8Array };

/** A scan as staff take it away. */
export type FoundScan = { outcome: 'found'; line: ScanLine; fileName: string; bytes: Uint8Array };

const longestName = 100;

type Held = { office: string; status: Status; enteredAt?: string };

/** Whoever entered it on site attaches what they saw there, until the office that has it begins with it (R8). */
const isEntering = (deps: Deps, staff: Staff, held: Held, people: readonly string[]): boolean => {
  const { status, office, enteredAt } = held;
  if (status !== 'submitted' || enteredAt === undefined) return false;
  const isHere = deps.offices.current(enteredAt) === deps.offices.current(staff.office);
  return isHere && authorise(staff, { act: 'enterOnSite', office, people }, deps.offices).outcome === 'allowed';
};

/** Whoever reviews or registers at the office that has it or is entering it, and nobody about themselves. */
const mayHandle = (deps: Deps, staff: Staff, held: Held, people: readonly string[]): Authorised => {
  if (isEntering(deps, staff, held, people)) return { outcome: 'allowed' };
  const { office } = held;
  const asked = (['review', 'register'] as const).map((act) => authorise(staff, { act, office, people }, deps.offices));
  return asked.find(({ outcome }) => outcome === 'allowed') ?? asked[0] ?? { outcome: 'forbidden', reason: 'office' };
};

/** Where the bytes of a scan belong: opened elsewhere they are a fault. */
export const scanContext = (scan: string): string => `scan-${scan}`;

const isOf = (data: unknown, scan: string): boolean => (data as ScanRemoved['data']).scan === scan;

const isSameFile = (data: unknown, sent: AttachedScan): boolean => {
  const { document, size, personal } = data as ScanAttached['data'];
  // An erased one has no name left.
  return document === sent.document && size === sent.size && personal?.fileName === sent.personal.fileName;
};

/** Scans of documents that staff saw (R8): sealed under the registration's data key, so that an erasure covers them. */
export const scanServices = (deps: Deps, access: AccessRecords) => {
  const loaded = async (id: string, act: ActOfStaff) => {
    const found = await load(deps, registrationDecider, id);
    const { state, events } = found;
    if (state.status === 'absent' || state.status === 'abandoned') return { outcome: 'absent' } as const;
    const allowed = mayHandle(deps, act.staff, state, peopleOf(deps.sealing, state.data));
    const repeated = events.some(isActOf(act.staff, act.commandId));
    if (allowed.outcome === 'forbidden' && !repeated) return allowed;
    return { outcome: 'loaded', found } as const;
  };

  const perform = async (
    id: string,
    act: ActOfStaff,
    command: RegistrationCommand,
    found: Loaded<RegistrationKind>,
  ) => {
    const handled = await handleCommand(deps, registrationDecider, id, command, actingFor(deps.sealing, act), found);
    if (handled.outcome === 'done') await deps.awaitViews(registrationViews, handled.position);
    return handled;
  };

  /** A repeated id answers as done only for the same act: of another, whoever sent it is to look again (`stale`). */
  const answeredFor = async (
    id: string,
    act: ActOfStaff,
    handled: Handled<RegistrationKind>,
    isSame: (event: OpenedEvent) => boolean,
  ): Promise<StaffOutcome> => {
    if (handled.outcome !== 'done') return handled;
    const { events, revision } = await load(deps, registrationDecider, id);
    const isDone = events.some((event) => event.meta.commandId === act.commandId && isSame(event));
    return isDone ? handled : { outcome: 'stale', revision, since: [] };
  };

  return {
    /**
     * Attaches a scan. Its bytes are durable before the log says so; where the log does not, they are deleted again. What a
     * process that died left behind opens with the registration's key alone, and is told by `verify-store`.
     */
    attach: async (
      id: string,
      act: ActOfStaff,
      { document, fileName, bytes }: SentScan,
    ): Promise<StaffOutcome | { outcome: 'refused'; reason: ScanRefusal }> => {
      const asked = await loaded(id, act);
      if (asked.outcome !== 'loaded') return asked;
      if (bytes.length === 0) return { outcome: 'refused', reason: 'empty' };
      if (bytes.length > scanLimits.bytes) return { outcome: 'refused', reason: 'tooLarge' };
      const read = deps.readScan(bytes);
      if (read.outcome === 'refused') return read;
      const key = asked.found.keyId === undefined ? undefined : await deps.dataKeys.find(asked.found.keyId);
      if (key === undefined) return { outcome: 'rejected', rejection: { type: 'erased' } };
      const scan = deps.ids();
      const sealed = deps.sealing.sealBytes(key, read.bytes, scanContext(scan));
      await deps.scanStore.put(scan, sealed);
      const sha256 = createHash('sha256').update(sealed).digest('hex');
      const personal = { fileName: fileName.trim().slice(0, longestName) };
      const attached = { scan, document, mediaType: read.mediaType, size: sealed.length, sha256, personal };
      const handled = await perform(id, act, { type: 'AttachScan', scan: attached }, asked.found);
      const isAttached =
        handled.outcome === 'done' && (handled.state as MadeRegistration).scans.some((one) => one.scan === scan);
      if (isAttached) return handled;
      await deps.scanStore.delete(scan);
      return answeredFor(id, act, handled, ({ type, data }) => type === 'ScanAttached' && isSameFile(data, attached));
    },

    /** Takes a scan away again, with a reason; the bytes of this very scan are deleted, whatever act a repeated id was for. */
    remove: async (id: string, act: ActOfStaff, scan: string, reason: string): Promise<StaffOutcome> => {
      const asked = await loaded(id, act);
      if (asked.outcome !== 'loaded') return asked;
      const handled = await perform(id, act, { type: 'RemoveScan', scan, reason }, asked.found);
      const removed = await answeredFor(
        id,
        act,
        handled,
        ({ type, data }) => type === 'ScanRemoved' && isOf(data, scan),
      );
      if (removed.outcome === 'done') await deps.scanStore.delete(scan);
      return removed;
    },

    /** Which scans a registration has, without their names; undefined for who may not handle them. */
    of: async (staff: Staff, row: RegistrationRow): Promise<readonly ScanLine[] | undefined> => {
      const data = await openData(deps, row);
      if (data === undefined) return undefined;
      const allowed = mayHandle(deps, staff, row, peopleOf(deps.sealing, data));
      return allowed.outcome === 'allowed' ? (row.scans ?? []) : undefined;
    },

    /** One scan, opened; that it was looked at stands in the log before it leaves (S6). */
    open: async (staff: Staff, id: string, scan: string): Promise<StaffRefusal | FoundScan> => {
      const row = await registrationRow(deps, id);
      if (row === undefined) return { outcome: 'absent' };
      const data = await openData(deps, row);
      if (data === undefined) return { outcome: 'erased' };
      const people = peopleOf(deps.sealing, data);
      const allowed = mayHandle(deps, staff, row, people);
      if (allowed.outcome === 'forbidden') return allowed;
      const line = row.scans?.find((one) => one.scan === scan);
      if (line === undefined) return { outcome: 'absent' };
      const based = await basisFor(deps, staff, row, people);
      if (based.outcome === 'reasonDue') return based;
      const viewing = { subject: registrationSubject(row), what: 'scanOpened' } as const;
      const [bytes, personal] = await access.shown(based.viewer, viewing, async () => {
        const sealed = await deps.scanStore.get(scan);
        if (sealed === undefined) throw new Error(`Scan ${scan} is not in the store: run npm run verify-store.`);
        return Promise.all([
          deps.sealing.openBytes(sealed, scanContext(scan)),
          deps.sealing.open(line.personal, `registration-${id}`),
        ]);
      });
      if (bytes === undefined) return { outcome: 'erased' };
      return {
        outcome: 'found',
        line,
        bytes,
        fileName: (personal as { fileName?: string } | undefined)?.fileName ?? '',
      };
    },
  };
};
