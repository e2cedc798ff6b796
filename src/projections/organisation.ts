import type {
  OrganisationEstablished,
  OrganisationEvent,
  OrganisationKind,
  OrganisationLevel,
} from '#domain/organisation/events.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** One organisation by its code (O1, O2); `personal` is sealed under `organisation-<code>`. */
export type OrganisationRow = {
  id: string;
  revision: number;
  /** Position of its last event: what is newer than a reader knows. */
  changed: number;
  status: 'active' | 'merged';
  kind: OrganisationKind;
  level: OrganisationLevel;
  division: string;
  parent: string;
  successor?: string;
  mergedAt?: string;
  /** What it was called from when on (UTC), the first name first. */
  names: readonly { name: string; from: string }[];
  phone?: string;
  address?: string;
  personal?: string;
  /** When and by which account the record was completed last; absent: it never was (O2). */
  completedAt?: string;
  completedBy?: string;
};

type StoredOrganisationEvent = Stored<OrganisationEvent>;
type EventOf<T extends OrganisationEvent['type']> = Occurred<Extract<StoredOrganisationEvent, { type: T }>>;
type Change<T extends OrganisationEvent['type']> = (row: OrganisationRow, event: EventOf<T>) => OrganisationRow;

const prefix = 'organisation-';

const atOf = ({ meta }: Occurred<StoredOrganisationEvent>): string => String(meta['at']);

const accountOf = ({ meta }: Occurred<StoredOrganisationEvent>): string =>
  String((meta['actor'] as { account?: unknown } | undefined)?.account ?? '');

const established = (event: Occurred<Stored<OrganisationEstablished>>): OrganisationRow => {
  const { code, name, ...place } = event.data;
  const { revision, position } = event;
  return { id: code, revision, changed: position, status: 'active', ...place, names: [{ name, from: atOf(event) }] };
};

/** Every event of an organisation moves the revision that acts are based on, and the position that readers ask by. */
const changed =
  <T extends OrganisationEvent['type']>(change: Change<T>) =>
  (row: OrganisationRow | undefined, event: EventOf<T>): OrganisationRow | undefined =>
    row && { ...change(row, event), revision: event.revision, changed: event.position };

/** The tree of organisations as pages and the directory of offices read it. */
export const organisation = projection<StoredOrganisationEvent, OrganisationRow>({
  name: 'organisation',
  indexes: { changed: ['changed'] },
  keysOf: ({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []),
  on: {
    OrganisationEstablished: (_, event) => established(event),
    OrganisationRecordCompleted: changed((row, event) => {
      const { phone, address, personal } = event.data;
      return { ...row, phone, address, personal, completedAt: atOf(event), completedBy: accountOf(event) };
    }),
    OrganisationRenamed: changed((row, event) => {
      return { ...row, names: [...row.names, { name: event.data.name, from: atOf(event) }] };
    }),
    OrganisationMoved: changed((row, { data }) => ({ ...row, parent: data.parent })),
    OrganisationMerged: changed((row, event) => {
      return { ...row, status: 'merged', successor: event.data.into, mergedAt: atOf(event) };
    }),
  },
});
