import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { Json } from '#application/ports.ts';
import type { Passkeys } from '#application/signInMeans.ts';

const siteName = '贵州省生育服务网上登记平台';
const base64url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(10_000);
const answerForm = z.object({
  id: base64url.max(1400),
  response: z.object({ clientDataJSON: base64url, userHandle: base64url.max(100).optional() }),
});
/** EdDSA, ES256, RS256: what devices have. */
const algorithms = [-8, -7, -257];
const clientData = z.object({ challenge: base64url.max(200) });

const decoded = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');

const challengeIn = (clientDataJson: string): string | undefined => {
  try {
    return clientData.safeParse(JSON.parse(decoded(clientDataJson))).data?.challenge;
  } catch {
    return undefined;
  }
};

/** A wrong answer is an error of the library; to us it is only a wrong answer. */
const orWrong = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

/** Loaded when the first passkey is made or used: it brings CBOR, ASN.1 and X.509 with it. */
const library = () => import('@simplewebauthn/server');

/** Passkeys by @simplewebauthn/server for the site at an address; the user handle is the account, which names nobody. */
export const passkeys = (siteUrl: () => string): Passkeys => {
  const site = () => {
    const { hostname, origin } = new URL(siteUrl());
    return { expectedRPID: hostname, expectedOrigin: origin };
  };
  return {
    creation: async (challenge, account, known) => {
      const { generateRegistrationOptions } = await library();
      const options = await generateRegistrationOptions({
        rpName: siteName,
        rpID: site().expectedRPID,
        userName: account,
        userID: new Uint8Array(Buffer.from(account)),
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        attestationType: 'none',
        supportedAlgorithmIDs: [...algorithms],
        excludeCredentials: known.map((id) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      return options as unknown as Json;
    },
    request: async (challenge) => {
      const { generateAuthenticationOptions } = await library();
      const options = await generateAuthenticationOptions({
        rpID: site().expectedRPID,
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        userVerification: 'required',
      });
      return options as unknown as Json;
    },
    challengeOf: (answer) => {
      const { data } = answerForm.safeParse(answer);
      return data && challengeIn(data.response.clientDataJSON);
    },
    claimedBy: (answer) => {
      const { data } = answerForm.safeParse(answer);
      const challenge = data && challengeIn(data.response.clientDataJSON);
      if (data?.response.userHandle === undefined || challenge === undefined) return undefined;
      return { account: decoded(data.response.userHandle), credential: data.id, challenge };
    },
    created: async (answer, expectedChallenge) => {
      const { verifyRegistrationResponse } = await library();
      const response = answer as RegistrationResponseJSON;
      const verified = await orWrong(
        verifyRegistrationResponse({ response, expectedChallenge, supportedAlgorithmIDs: [...algorithms], ...site() }),
      );
      if (!verified?.verified) return undefined;
      const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
      return { credential: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports };
    },
    isFrom: async (answer, expectedChallenge, { credential: id, publicKey, transports }) => {
      const { verifyAuthenticationResponse } = await library();
      // Passkeys that are kept in step across devices count nothing, so no count is kept of the others either.
      const credential = {
        id,
        publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
        counter: 0,
        transports: [...transports],
      };
      const response = answer as AuthenticationResponseJSON;
      const verified = await orWrong(
        verifyAuthenticationResponse({ response, expectedChallenge, ...site(), credential }),
      );
      return verified?.verified === true;
    },
  };
};
