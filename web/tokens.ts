import type { Services } from '#application/services.ts';

/** A secret for a cookie or a bearer: 32 random bytes, base64url. */
export const randomToken = ({ deps }: Services): string => Buffer.from(deps.randomBytes(32)).toString('base64url');
