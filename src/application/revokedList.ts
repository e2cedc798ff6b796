import { createHash } from 'node:crypto';
import type { VoidedCertificateRow } from '#projections/voidedCertificate.ts';
import type { Deps } from './deps.ts';
import { revokedPayload, type Voided } from './revokedBytes.ts';

/** The signed list (compact JWS), and a name of its content for those who have it already. */
export type RevokedList = { token: string; etag: string };

/** How the list is kept fresh; what readers are told of it stands in the list itself. */
export type ListPolicy = {
  effectiveFrom: string;
  madeAnewMinutes: number;
  nextUpdateHours: number;
  warnAfterDays: number;
};

/** Every policy there was, oldest first; a new one is one more entry. */
const listPolicies: readonly [ListPolicy, ...ListPolicy[]] = [
  { effectiveFrom: '2016-07-11', madeAnewMinutes: 15, nextUpdateHours: 24, warnAfterDays: 7 },
];

const view = 'voidedCertificate';
const pageSize = 1000;
const restMs = 60_000;
const minute = 60_000;

const policyAt = (now: number): ListPolicy =>
  listPolicies.findLast(({ effectiveFrom }) => Date.parse(effectiveFrom) <= now) ?? listPolicies[0];

const allVoided = async ({ viewStore }: Deps): Promise<readonly Voided[]> => {
  const voided: Voided[] = [];
  let after: string | undefined;
  do {
    const query = { index: 'voidedOn', equals: [], limit: pageSize, ...(after === undefined ? {} : { after }) };
    const page = await viewStore.find(view, query);
    for (const row of page.rows) voided.push({ number: row.id, reason: (row as VoidedCertificateRow).reason });
    after = page.next;
  } while (after !== undefined);
  return voided;
};

/**
 * The signed list of certificates that no longer hold (R10, C6), for those who verify offline. Made anew when the log went on,
 * at most once a minute, or when its quarter of an hour has passed: instances that stand alike give the same bytes.
 */
export const revokedLists = (deps: Deps) => {
  let made: { position: number; window: number; at: number; list: Promise<RevokedList> } | undefined;

  const make = async (window: number, { nextUpdateHours, warnAfterDays }: ListPolicy): Promise<RevokedList> => {
    const nextUpdate = new Date(window + nextUpdateHours * 60 * minute).toISOString();
    const times = { issuedAt: new Date(window).toISOString(), nextUpdate, warnAfterDays };
    const token = await deps.certificateCodes.signList(revokedPayload(await allVoided(deps), times));
    return { token, etag: `"${createHash('sha256').update(token).digest('base64url').slice(0, 22)}"` };
  };

  const isFresh = (position: number, window: number, now: number): boolean =>
    made !== undefined && made.window === window && (made.position === position || now - made.at < restMs);

  return async (): Promise<RevokedList> => {
    const now = deps.clock();
    const policy = policyAt(now);
    // The beginning of the quarter: the list says of itself that it is a little older than it is, never younger.
    const window = now - (now % (policy.madeAnewMinutes * minute));
    const position = await deps.viewStore.checkpoint({ view });
    if (made !== undefined && isFresh(position, window, now)) return made.list;
    const list = make(window, policy);
    made = { position, window, at: now, list };
    list.catch(() => {
      made = undefined;
    });
    return list;
  };
};
