import { type From, subjectKinds } from '#domain/access/events.ts';
import { eventVersions } from '#domain/eventVersions.ts';
import type { AnyEvent, Projection } from './projection.ts';

type Actor = { kind: 'applicant' | 'staff' | 'system'; account?: string; office?: string; name?: string };

/** One line of the audit trail (S6): an act of staff, or someone's look at personal data; what was said is sealed. */
export type TrailRow = {
  id: string;
  position: number;
  stream: string;
  at: string;
  type: string;
  actor: Actor;
  /** What it is about, as `registration:<id>`, and the office that had it. */
  about: string;
  aboutOffice?: string;
  /** The same where it is a look: whose looks are asked for by record. */
  subject?: string;
  /** Whose line it is; absent where the line only tells that one more registration was seen. */
  account?: string;
  office?: string;
  what?: string;
  task?: string;
  reason?: string;
  count?: number;
  self?: true;
  exported?: boolean;
  from?: From;
  personal?: string;
};

type Plain = {
  subject?: { kind: string; id: string; office?: string };
  account?: string;
  shown?: readonly string[];
} & Pick<TrailRow, 'what' | 'task' | 'reason' | 'count' | 'self' | 'exported' | 'from' | 'personal'>;

/** The record that a stream of this category tells of; what is decided about ordinary certificates, of their registration. */
const recordKinds: ReadonlyMap<string, string> = new Map([
  ...subjectKinds.map((kind) => [kind, kind] as const),
  ['ordinaryCertificate', 'registration'],
]);
const accessPrefix = 'access-';

const actorOf = ({ meta }: AnyEvent): Actor => meta['actor'] as Actor;
const dataOf = ({ data }: AnyEvent): Plain => data as Plain;
const isAccess = ({ stream }: AnyEvent): boolean => stream.startsWith(accessPrefix);

/** The record in whose stream an act stands, as `registration:<id>`; undefined for streams that are none. */
const recordOf = ({ stream }: AnyEvent): string | undefined => {
  const dash = stream.indexOf('-');
  const kind = recordKinds.get(stream.slice(0, dash));
  return kind && `${kind}:${stream.slice(dash + 1)}`;
};

const keysOf = (event: AnyEvent): readonly string[] => {
  if (isAccess(event)) return [event.id, ...(dataOf(event).shown ?? []).map((id) => `${event.id}.${id}`)];
  return actorOf(event)?.kind === 'staff' && recordOf(event) !== undefined ? [event.id] : [];
};

const without = (data: Plain): Partial<TrailRow> => {
  const { what, task, reason, count, self, exported, from, personal } = data;
  const members = Object.entries({ what, task, reason, count, self, exported, from, personal });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
};

const placeOf = (event: AnyEvent, id: string) => ({
  id,
  position: event.position,
  stream: event.stream,
  at: String(event.meta['at']),
  type: event.type,
  actor: actorOf(event),
});

const actRow = (event: AnyEvent, id: string): TrailRow => {
  const { account = '', office = '' } = actorOf(event);
  const from = event.meta['from'] as From | undefined;
  return { ...placeOf(event, id), about: recordOf(event) ?? '', account, office, ...(from && { from }) };
};

/** Sign-ins are about the account; each registration that was seen with the subject has a line of its own. */
const lookRow = (event: AnyEvent, id: string): TrailRow => {
  const data = dataOf(event);
  const { subject: named } = data;
  const shown = id.slice(event.id.length + 1);
  const about = named === undefined ? `account:${data.account ?? ''}` : `${named.kind}:${named.id}`;
  const subject = shown === '' ? about : `registration:${shown}`;
  const row = { ...placeOf(event, id), about, subject, ...without(data) };
  const at = named?.office === undefined ? row : { ...row, aboutOffice: named.office };
  const { account = data.account, office } = actorOf(event);
  if (shown !== '' || account === undefined) return at;
  return { ...at, account, ...(office === undefined ? {} : { office }) };
};

const line = (_: unknown, event: AnyEvent, id: string): TrailRow =>
  isAccess(event) ? lookRow(event, id) : actRow(event, id);

/** Who did what and who looked at what, by record, by person and by office, in order of time (S6). */
export const trail: Projection = {
  name: 'trail',
  indexes: {
    subject: ['subject', 'at'],
    account: ['account', 'at'],
    office: ['office', 'at'],
    officeTask: ['office', 'task', 'at'],
  },
  keysOf,
  on: Object.fromEntries(Object.keys(eventVersions).map((type) => [type, line])),
};
