import type { IdentityOutcome } from '#domain/account/events.ts';

/** Whom an identity check asks for. */
export type IdentityQuery = { name: string; idNumber: string };

/**
 * The register that knows whose ID number is whose (O4, §3.2.3). Never rejects: a bounded time without a usable answer is
 * `unreachable`; an answer in a form that is not agreed on is `malformed`; a number that it does not know `differs`.
 */
export type IdentityCheck = { check: (person: IdentityQuery) => Promise<IdentityOutcome | 'malformed'> };
