import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { accessRecords } from '#application/access.ts';
import { viewProgress } from '#application/awaitViews.ts';
import type { Deps } from '#application/deps.ts';
import type { Following } from '#application/followLog.ts';
import { type Leased, underLease } from '#application/lease.ts';
import { keepTree } from '#application/log/keepTree.ts';
import { signCheckpoints, signing } from '#application/log/signCheckpoints.ts';
import { logTiles } from '#application/log/tiles.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import type { Clock } from '#application/ports.ts';
import { ordinaryCarriedOut } from '#application/reactions/carryOutOrdinary.ts';
import { destroyDataKey } from '#application/reactions/destroyDataKey.ts';
import { endSessions } from '#application/reactions/endSessions.ts';
import { followMerger } from '#application/reactions/followMerger.ts';
import { issueCertificate } from '#application/reactions/issueCertificate.ts';
import { arrivalsTakenIn } from '#application/reactions/takeInArrivals.ts';
import { goOnWithImports } from '#application/roster/goOn.ts';
import { rosters } from '#application/roster/rosters.ts';
import { runProjections } from '#application/runProjections.ts';
import { runReactions } from '#application/runReactions.ts';
import { createServices } from '#application/services.ts';
import { upcast } from '#application/upcast.ts';
import { type Config, ConfigError, placesOf, secondFactorOf } from '#infrastructure/config.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { pdfRenderer } from '#infrastructure/documents/pdfRenderer.ts';
import { httpIdentityCheck } from '#infrastructure/identity/httpIdentityCheck.ts';
import { createMetrics, type Metrics } from '#infrastructure/metrics.ts';
import { httpPopulationSystem } from '#infrastructure/population/httpPopulationSystem.ts';
import { processName } from '#infrastructure/processName.ts';
import { deriveKey } from '#infrastructure/sealing/keys.ts';
import { signInMeans } from '#infrastructure/signInMeans.ts';
import { projections } from '#projections/index.ts';
import { documentHtml } from '#web/documents.ts';
import { buildManagementSite } from '#web/managementSite.ts';
import { buildPublicSite } from '#web/publicSite.ts';
import { demoCodeOf } from './demo/app.ts';
import { type Demo, openDemo } from './demo/demo.ts';
import { demoPassword, featuredAccounts } from './demo/staff.ts';
import { greetingOf, noAccountNote, unpublishedNote } from './greeting.ts';
import { platformDeps } from './platform.ts';
import { openStores, type Stores } from './stores.ts';
import { openTraced, type Traced } from './tracing.ts';

/** What a start may be given besides its settings: the clock of everything that is decided and shown. */
export type Start = { clock?: Clock };

/** A running platform: what to print once it answers, and how to stop it. */
export type Platform = {
  greeting: readonly string[];
  publicUrl: string;
  managementUrl: string;
  stop: () => Promise<void>;
};

// Longer than another process takes to go on where the one that carried the views was stopped.
const viewsBoundMs = 8000;
const lookUpBoundMs = 4000;
const checkpointEveryMs = 60_000;

const pause = (ms: number): Promise<void> => wait(ms, undefined, { ref: false });

type Carrying = { progress: ReturnType<typeof viewProgress>; log: Logger; seeded: () => boolean };

/**
 * Carries the log to views, hash tree and reactions, signs checkpoints and goes on with imports while this process holds the lease; `held` tells
 * whether it does. History that is made up stands before the first checkpoint: it says of itself that it is older.
 */
const follow = (stores: Stores, deps: Deps, { progress, log, seeded }: Carrying): Leased => {
  const { eventStore, viewStore, transientStore } = stores;
  const running = { eventStore, viewStore, upcast, wait: pause, log };
  const reactions = [
    issueCertificate(deps),
    destroyDataKey(deps),
    endSessions(deps, accessRecords(deps)),
    followMerger(deps),
    arrivalsTakenIn(deps),
    ordinaryCarriedOut(deps),
  ];
  const names = [...[...projections, logTiles, ...reactions].map(({ name }) => name), signing];
  const start = (): Following => {
    const tree = keepTree(stores);
    const views = runProjections({ ...running, projections, beside: [tree.follower], onProgress: progress.moved });
    const acts = runReactions({ ...running, reactions });
    const head = () => (seeded() ? tree.head() : undefined);
    const signer = signCheckpoints({ ...deps, head, intervalMs: checkpointEveryMs, wait: pause, log });
    const imports = goOnWithImports({ goOn: rosters(deps, accessRecords(deps)).goOn, wait: pause, log });
    return {
      standing: () => ({ ...views.standing(), ...acts.standing(), ...signer.standing() }),
      stop: async () => {
        await imports.stop();
        await signer.stop();
        await acts.stop();
        await views.stop();
      },
    };
  };
  const { holder, gone } = processName();
  const leasing = { transientStore, clock: Date.now, wait: pause, log, name: 'followers', holder, gone };
  return underLease(leasing, { names, start });
};

/** One progress line for a terminal; nothing where the output is not one. */
const seedProgress = (done: number, total: number): void => {
  if (!process.stderr.isTTY) return;
  process.stderr.write(
    `\r正在准备演示数据 · Preparing the demo province ${done}/${total}${done === total ? '\n' : ''}`,
  );
};

const populationOf = (config: Config, demo: Demo | undefined) =>
  httpPopulationSystem({
    pisUrl: config.PIS_URL ?? demo?.pisUrl ?? '',
    exchangeUrl: config.EXCHANGE_URL ?? demo?.exchangeUrl ?? '',
    timeoutMs: lookUpBoundMs,
  });

const listen = async (site: FastifyInstance, host: string, port: number, setting: string): Promise<string> => {
  await site.listen({ host, port }).catch((cause: { code?: string }) => {
    throw cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
      ? new ConfigError(
          `端口 ${port} 无法使用，请换一个：${setting}=18080 npm start\n` +
            `Port ${port} cannot be used (${cause.code}); choose another: ${setting}=18080 npm start`,
          { cause },
        )
      : cause;
  });
  const address = site.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host.replace('127.0.0.1', 'localhost')}:${bound}`;
};

/** The application's dependencies as this process has them; the PDF renderer is to be closed with them. */
const composeDeps = async (config: Config, stores: Stores, world: World): Promise<Deps> => {
  const { divisions, offices, demo, progress, metrics, log, clock } = world;
  return platformDeps(stores, {
    dataDir: config.DATA_DIR,
    clock,
    divisions,
    offices,
    documents: pdfRenderer({ documentHtml, onFault: (fault) => log.warn(fault.message) }),
    population: populationOf(config, demo),
    identity: httpIdentityCheck({
      identityUrl: config.IDENTITY_URL ?? demo?.identityUrl ?? '',
      timeoutMs: lookUpBoundMs,
    }),
    signIn: signInMeans({
      siteUrl: () => config.MANAGEMENT_URL ?? `http://localhost:${config.MANAGEMENT_PORT}`,
      secondFactor: secondFactorOf(config),
    }),
    publicUrl: config.PUBLIC_URL ?? `http://localhost:${config.PUBLIC_PORT}`,
    demo: demo !== undefined,
    awaitViews: progress.until,
    observe: metrics.command,
  });
};

/** Both sites, built and not yet listening (E1). */
const buildSites = async (
  deps: Deps,
  stores: Stores,
  { config, demo, metrics, log, clock, traced }: World & { config: Config },
  carried: Leased,
) => {
  const shared = {
    services: traced.services(createServices(deps)),
    ...(traced.site ? { trace: traced.site } : {}),
    trustedProxies: config.TRUSTED_PROXIES,
    cookieSecret: deriveKey(stores.keys.master, 'cookies').export().toString('base64url'),
    log: (line: object) => {
      metrics.request(line);
      log.info(line);
    },
  };
  const accounts = featuredAccounts.map(({ account, name, office }) => ({ account, name, office }));
  const publicSite = await buildPublicSite({ ...shared, url: config.PUBLIC_URL, examples: demo?.couples ?? [] });
  const managementSite = await buildManagementSite({
    ...shared,
    url: config.MANAGEMENT_URL,
    carried,
    metrics: {
      contentType: metrics.contentType,
      text: () => metrics.text({ standing: carried.standing, ...stores, clock }),
    },
    ...(demo ? { demoSignIn: { accounts, password: demoPassword, codeOf: demoCodeOf } } : {}),
  });
  return { publicSite, managementSite };
};

type Given = { log: Logger; clock: Clock; traced: Traced; metrics: Metrics; holds: () => boolean };

/** What this process brings to its stores; `holds` tells whether it carries the views itself. */
const openWorld = async (config: Config, stores: Stores, { log, clock, traced, metrics, holds }: Given) => {
  const offices = await openOfficeDirectory({ viewStore: stores.viewStore, wait: pause });
  const divisions = loadDivisions(offices);
  const elsewhere = {
    carried: () => !holds(),
    checkpoint: (view: string) => stores.viewStore.checkpoint({ view }),
  };
  return {
    divisions,
    offices,
    demo: config.DEMO === '1' ? await openDemo(loadDivisions()) : undefined,
    progress: viewProgress(pause, viewsBoundMs, elsewhere),
    metrics,
    clock,
    traced,
    log,
  };
};

type World = Awaited<ReturnType<typeof openWorld>>;

/** Opens stores, fills the demo province on the first start, and lets both sites listen. Rejects with a sentence. */
export const startPlatform = async (
  config: Config,
  log: Logger,
  { clock = Date.now }: Start = {},
): Promise<Platform> => {
  const onTrouble = (trouble: unknown) => log.warn({ trouble: String(trouble) }, 'EventStoreDB was lost for a while.');
  const traced = await openTraced(config);
  const opened = await openStores({ ...placesOf(config), onTrouble }).catch((cause: unknown) => {
    throw cause instanceof RangeError ? new ConfigError(cause.message, { cause }) : cause;
  });
  const metrics = createMetrics();
  const stores = traced.stores({ ...opened, eventStore: metrics.timed(opened.eventStore) });
  let following: Leased | undefined;
  const world = await openWorld(config, stores, {
    log,
    clock,
    traced,
    metrics,
    holds: () => following?.held() === true,
  });
  const deps = await composeDeps(config, stores, world);
  let seeded = false;
  following = follow(stores, deps, { progress: world.progress, log, seeded: () => seeded });
  await world.demo?.seed(deps, seedProgress);
  seeded = true;
  const { publicSite, managementSite } = await buildSites(deps, stores, { ...world, config }, following);
  const publicUrl = await listen(publicSite, config.PUBLIC_HOST, config.PUBLIC_PORT, 'PUBLIC_PORT');
  const managementUrl = await listen(managementSite, config.MANAGEMENT_HOST, config.MANAGEMENT_PORT, 'MANAGEMENT_PORT');
  const stop = async (): Promise<void> => {
    await Promise.all([publicSite.close(), managementSite.close()]);
    world.offices.stop();
    await following.stop();
    await deps.documents.close();
    await world.demo?.close();
    await stores.close();
    await traced.close();
  };
  const greeting = [
    ...greetingOf({ publicUrl, managementUrl, demo: deps.demo }),
    ...unpublishedNote(deps),
    ...(await noAccountNote(deps)),
  ];
  return { greeting, publicUrl, managementUrl, stop };
};
