import { type Day, dayInShanghai } from '#domain/calendar/day.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import type { Kind } from '#domain/decider.ts';
import { type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { ErasureBasis, ScanAttached } from '#domain/registration/events.ts';
import { type Act, type Handled, type Handling, handleCommand, type Loaded, load } from './handleCommand.ts';
import type { ScanStore, ViewStore } from './ports.ts';

/** What an erasure needs of the world. */
export type Erasing = Handling & { viewStore: ViewStore; scanStore: ScanStore };

const mostCertificates = 100;

/** The numbers of all certificates that a registration was given, those that are void too. */
export const certificatesOf = async (
  { viewStore }: Pick<Erasing, 'viewStore'>,
  id: string,
): Promise<readonly string[]> => {
  const query = { index: 'registration', equals: [id], limit: mostCertificates };
  return (await viewStore.find('certificate', query)).rows.map((row) => row.id);
};

/** The day of the last event; today where there is none. */
export const lastActOn = ({ events }: Pick<Loaded<Kind>, 'events'>, today: Day): Day =>
  dayInShanghai(Date.parse(events.at(-1)?.meta.at ?? `${today}T00:00:00+08:00`));

/** Destroys the key that an erased record, and a registration's certificates, are sealed with; again is the same. */
export const destroyKey = async ({ dataKeys }: Handling, { keyId }: Pick<Loaded<Kind>, 'keyId'>): Promise<void> => {
  if (keyId !== undefined) await dataKeys.destroy(keyId);
};

/** Deletes all scans that a registration ever had; again is the same. */
const deleteScans = async ({ scanStore }: Pick<Erasing, 'scanStore'>, { events }: Pick<Loaded<Kind>, 'events'>) => {
  for (const { type, data } of events) {
    if (type === 'ScanAttached') await scanStore.delete((data as ScanAttached['data']).scan);
  }
};

/**
 * Gives up the personal data of a registration (PIPL art. 47): says so in its stream, then destroys the data key, without
 * which neither log nor views nor later backups open. What was said and not done is done by `destroyDataKey`.
 */
export const eraseRegistration = async (
  deps: Erasing,
  id: string,
  basis: ErasureBasis,
  act: Omit<Act, 'basedOn'>,
): Promise<Handled<RegistrationKind>> => {
  const loaded = await load(deps, registrationDecider, id);
  const today = dayInShanghai(deps.clock());
  const command = {
    type: 'Erase',
    basis,
    today,
    lastActOn: lastActOn(loaded, today),
    retention: retentionOn(today),
    certificates: await certificatesOf(deps, id),
  } as const;
  const basedOn = loaded.revision === 'none' ? undefined : loaded.revision;
  const handled = await handleCommand(deps, registrationDecider, id, command, { ...act, basedOn }, loaded);
  if (handled.outcome === 'done') await finish(deps, loaded);
  return handled;
};

/** What is left to do once an erasure stands in the log. */
type Finishing = Handling & Pick<Erasing, 'scanStore'>;

const finish = async (deps: Finishing, loaded: Loaded<RegistrationKind>): Promise<void> => {
  await destroyKey(deps, loaded);
  await deleteScans(deps, loaded);
};

/** Destroys the data key of a registration whose stream says that it is erased, and of no other. */
export const finishErasure = async (deps: Finishing, id: string): Promise<'finished' | 'notErased'> => {
  const loaded = await load(deps, registrationDecider, id);
  if (!('erasedOn' in loaded.state) || loaded.state.erasedOn === undefined) return 'notErased';
  await finish(deps, loaded);
  return 'finished';
};
