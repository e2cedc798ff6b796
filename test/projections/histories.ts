import fc from 'fast-check';
import { type AnyEvent, type FoldedRow, foldBatch, idsOf, type Projection, type Row } from '#projections/projection.ts';

type Data = { readonly [key: string]: unknown };
type Happening = { stream: string; type: string; data: Data };

const lookup = (id: string) => ({
  queryCode: `code-${id}`,
  couple: `couple-${id}`,
  wifeName: `wife-${id}`,
  wifeIdNumber: `wifeId-${id}`,
  husbandName: `husband-${id}`,
  husbandIdNumber: `husbandId-${id}`,
});

/** A submission as stored, its personal part a sealed text; `over` replaces members. */
export const submitted = (id: string, over: Data = {}): Happening => ({
  stream: `registration-${id}`,
  type: 'Submitted',
  data: {
    channel: 'online',
    parity: 1,
    declaredPlace: '520111004',
    office: '520111004',
    policy: '2016',
    submittedOn: '2026-03-02',
    reviewDueOn: '2026-03-03',
    outcomeDueOn: '2026-03-04',
    flags: [],
    lookup: lookup(id),
    personal: `s1.key.${id}`,
    ...over,
  },
});

/** Another event of a registration. */
export const happened = (id: string, type: string, data: Data = {}): Happening => ({
  stream: `registration-${id}`,
  type,
  data: { office: '520111004', ...data },
});

/** An amendment, as stored, that declares the same at another place. */
export const amended = (id: string, over: Data): Happening =>
  happened(id, 'Amended', { ...submitted(id).data, fromOffice: '520111004', from: 'submitted', changed: [], ...over });

/** The certificate of a registration. */
export const issued = (id: string, number = `N${id}`): Happening => ({
  stream: `certificate-${number}`,
  type: 'CertificateIssued',
  data: {
    number,
    kind: 'electronic',
    registrationId: id,
    parity: 1,
    office: '520111004',
    issuedOn: '2026-03-05',
    code: `signed-${number}`,
    personal: `s1.key.certificate-${number}`,
  },
});

/** The erasure of a registration's personal data. */
export const erased = (id: string, data: Data = {}): Happening =>
  happened(id, 'RegistrationErased', {
    erasedOn: '2036-03-06',
    basis: 'retentionEnded',
    retention: 'retention-1',
    lookup: { queryCode: `code-${id}` },
    certificates: [`N${id}`],
    ...data,
  });

/** A log of these events from position 1, one second apart; the first at 2026-03-02 02:00:01 UTC. */
export const logOf = (happenings: readonly Happening[]): readonly AnyEvent[] => {
  const revisions = new Map<string, number>();
  return happenings.map((happening, index) => {
    const revision = (revisions.get(happening.stream) ?? -1) + 1;
    revisions.set(happening.stream, revision);
    const at = new Date(Date.UTC(2026, 2, 2, 2, 0, index + 1)).toISOString();
    return { id: `e${index}`, position: index + 1, revision, at, meta: { at }, ...happening };
  });
};

/** Folds batches as a runner does, over a store in memory; the rows by id, without their positions. */
export const rowsAfter = (projection: Projection, batches: readonly (readonly AnyEvent[])[]): Map<string, Row> => {
  const stored = new Map<string, FoldedRow>();
  for (const batch of batches) {
    const loaded = idsOf(projection, batch).flatMap((id) => stored.get(id) ?? []);
    for (const row of foldBatch(projection, batch, new Map(loaded.map((one) => [one.id, one]))))
      stored.set(row.id, row);
  }
  return new Map([...stored.values()].flatMap(({ id, row }) => (row ? [[id, row] as const] : [])));
};

/** The one row of a view after these events. */
export const rowAfter = (projection: Projection, id: string, ...happenings: readonly Happening[]): Row | undefined =>
  rowsAfter(projection, [logOf(happenings)]).get(id);

const offices = ['520111004', '520111005', '520103001'];
const next = {
  submitted: ['Amended', 'Redirected', 'TaskReceived', 'Withdrawn'],
  received: ['Amended', 'Redirected', 'TaskReceived', 'Withdrawn', 'Accepted', 'Rejected'],
  accepted: ['Redirected', 'TaskReceived', 'Registered', 'Declined'],
  rejected: ['RegistrationErased'],
  registered: ['RegistrationErased'],
  declined: ['RegistrationErased'],
  withdrawn: ['RegistrationErased'],
} as Record<string, readonly string[] | undefined>;
const becomes = {
  TaskReceived: 'received',
  Accepted: 'accepted',
  Rejected: 'rejected',
  Registered: 'registered',
  Declined: 'declined',
  Withdrawn: 'withdrawn',
  RegistrationErased: 'erased',
} as Record<string, string | undefined>;

type Now = { status: string; office: string };

const statusAfter = (type: string, { status }: Now): string =>
  type === 'TaskReceived' && status === 'accepted' ? status : (becomes[type] ?? status);

/** One more event that may happen to a registration, and how it then stands. */
const step = (id: string, now: Now, choice: number, office: string): { happening: Happening; now: Now } | undefined => {
  const possible = next[now.status] ?? [];
  const type = possible[choice % Math.max(1, possible.length)];
  if (type === undefined) return undefined;
  const from = { from: now.status, fromOffice: now.office };
  if (type === 'Amended' || type === 'Redirected') {
    if (type === 'Redirected' && office === now.office) return undefined;
    const moved = { status: now.status === 'accepted' ? 'accepted' : 'submitted', office };
    const happening = type === 'Amended' ? amended(id, { ...from, office }) : happened(id, type, { ...from, office });
    return { happening, now: office === now.office ? now : moved };
  }
  if (type === 'RegistrationErased')
    return { happening: erased(id, { office: now.office }), now: { ...now, status: 'erased' } };
  const data = {
    ...from,
    office: now.office,
    handler: `h${choice % 3}`,
    reasons: ['other'],
    personal: `s1.key.${choice}`,
  };
  const happening = happened(id, type, { ...data, registerDueOn: '2026-03-06' });
  return { happening, now: { ...now, status: statusAfter(type, now) } };
};

const turn = fc.record({ who: fc.nat({ max: 5 }), choice: fc.nat({ max: 60 }), office: fc.constantFrom(...offices) });

/** Logs of up to six registrations whose legal histories run side by side, with certificates and reservations between. */
export const histories: fc.Arbitrary<readonly AnyEvent[]> = fc.array(turn, { maxLength: 60 }).map((turns) => {
  const standing = new Map<string, Now>();
  const log: Happening[] = [];
  for (const { who, choice, office } of turns) {
    const id = `r${who}`;
    const now = standing.get(id);
    if (now === undefined) {
      log.push({ stream: `couple-${who}`, type: 'CoupleReserved', data: { registrationId: id } });
      log.push(submitted(id, { office, declaredPlace: office }));
      standing.set(id, { status: 'submitted', office });
      continue;
    }
    const stepped = step(id, now, choice, office);
    if (stepped === undefined) continue;
    log.push(stepped.happening);
    standing.set(id, stepped.now);
    if (stepped.now.status === 'registered') log.push(issued(id));
  }
  return logOf(log);
});
