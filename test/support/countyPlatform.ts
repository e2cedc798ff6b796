import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { readConfig } from '#infrastructure/config.ts';
import { startIdentitySandbox } from '#infrastructure/identity/sandbox.ts';
import { startSandbox } from '#infrastructure/population/sandbox.ts';
import { createFindings } from '../../src/operations/findings.ts';
import { overStores } from '../../src/operations/firstAdminStores.ts';
import { makeFirstAdmin } from '../../src/operations/makeFirstAdmin.ts';
import { verifyWholeLog } from '../../src/operations/verifyWholeLog.ts';
import { startPlatform } from '../../src/start.ts';

/** Someone as their ID card has them, with the mobile that they use. */
export type Someone = { name: string; idNumber: string; mobile: string };

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/**
 * A platform as an operator starts it without the demo, over an empty directory, with the outside systems that it asks:
 * they know these people and these couples. Its clock stands still but for who moves it.
 */
export const startEmptyPlatform = async (people: readonly Someone[], couples: readonly RegistrationData[]) => {
  const directory = mkdtempSync(join(tmpdir(), 'county-'));
  const clock = { now: Date.parse('2026-11-25T02:00:00Z') };
  const register = await startIdentitySandbox({ people: () => people });
  const systems = await startSandbox({ couples: couples.map((data) => ({ scenario: 'matches', data })) });
  const [publicPort, managementPort] = [await freePort(), await freePort()];
  const config = readConfig({
    DEMO: '0',
    DATA_DIR: directory,
    PUBLIC_PORT: String(publicPort),
    MANAGEMENT_PORT: String(managementPort),
    PIS_URL: systems.pisUrl,
    EXCHANGE_URL: systems.exchangeUrl,
    IDENTITY_URL: register.identityUrl,
  });
  const platform = await startPlatform(config, pino({ level: 'silent' }), { clock: () => clock.now });
  const places = { directory, eventStoreUrl: undefined, viewStoreUrl: undefined };
  return {
    ...platform,
    clock,
    /** Lets a minute pass, as the log's next checkpoint wants it. */
    minuteLater: (): void => {
      clock.now += 60_000;
    },
    /** What `npm run first-admin` does once it knows whom to make the admin of the province. */
    firstAdmin: async (typed: Someone, password: string): Promise<string> => {
      const top = { code: '52', name: '贵州省卫生健康委员会' };
      let account = '';
      await overStores({ places, identityUrl: register.identityUrl, clock: () => clock.now }, async (deps) => {
        account = await makeFirstAdmin(deps, { top, typed, password });
      });
      return account;
    },
    /** What `npm run verify-log` finds wrong. */
    faultsInLog: async (): Promise<readonly string[]> => {
      const scratch = mkdtempSync(join(tmpdir(), 'county-log-'));
      const findings = createFindings();
      await verifyWholeLog({ places, scratch, note: undefined }, { findings, onProgress: () => undefined });
      rmSync(scratch, { recursive: true, force: true });
      return findings.shown();
    },
    stop: async () => {
      await platform.stop();
      await Promise.all([register.close(), systems.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

export type EmptyPlatform = Awaited<ReturnType<typeof startEmptyPlatform>>;
