import type { Page } from 'puppeteer';

/** A device with a fingerprint reader, as Chromium plays one. */
export const withAuthenticator = async (page: Page): Promise<void> => {
  const session = await page.createCDPSession();
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
};
