import type { Voided } from '#application/revokedBytes.ts';
import type { Services } from '#application/services.ts';

/** A list as the script of the public site reads it. */
type List = { issuedAt: string; nextUpdate: string; warnAfterDays: number; count: number; hashes: Map<bigint, string> };

type Script = {
  readRevoked: (
    token: string,
    jwks: object,
    newestSeen?: string,
  ) => Promise<{ trusted: true; list: List } | { trusted: false; reason: string }>;
  revokedReason: (list: List, number: string) => Promise<string | undefined>;
};

const script = new URL('../../web/assets/verify-certificate.mjs', import.meta.url);

/** What those who verify offline make of a list: it shares no code with what makes it. */
export const { readRevoked, revokedReason } = (await import(script.href)) as Script;

let position = 1_000_000;

/** Puts certificates into the view of those that no longer hold, as their events would. */
export const putVoided = async ({ deps }: Services, voided: readonly Voided[]): Promise<void> => {
  position += 1;
  const rows = voided.map(({ number, reason }) => {
    const row = { id: number, reason, voidedOn: '2026-11-24' };
    return { id: number, position, row };
  });
  await deps.viewStore.commit({ view: 'voidedCertificate' }, rows, position);
};
