import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import type { Config } from '#infrastructure/config.ts';
import type { Facts, Tracing } from '#infrastructure/telemetry.ts';
import type { Stores } from './stores.ts';

/** What is put around the parts of a platform so that traces show them; without a collector each stays as it is. */
export type Traced = {
  stores: (stores: Stores) => Stores;
  services: (services: Services) => Services;
  site?: (app: FastifyInstance) => void;
  close: () => Promise<void>;
};

const untraced: Traced = { stores: (stores) => stores, services: (services) => services, close: async () => undefined };

/** Traces where a collector is named; otherwise nothing of it is even loaded. */
export const openTraced = async (config: Config): Promise<Traced> => {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return untraced;
  const { openTracing } = await import('#infrastructure/telemetry.ts');
  const tracing = openTracing({
    endpoint,
    serviceName: config.OTEL_SERVICE_NAME,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
  });
  return {
    stores: (stores) => tracedStores(tracing, stores),
    services: (services) => tracedServices(tracing, services),
    site: tracing.site,
    close: tracing.close,
  };
};

// The kind of aggregate only: the rest of a stream's name is an id, or a keyed hash.
const categoryOf = (stream: string): string => stream.slice(0, Math.max(0, stream.indexOf('-')));

const tracedStores = ({ within }: Tracing, stores: Stores): Stores => ({
  ...stores,
  eventStore: {
    ...stores.eventStore,
    append: (stream, expected, events) =>
      within(
        `append ${categoryOf(stream)}`,
        { stream: categoryOf(stream), events: events.length },
        () => stores.eventStore.append(stream, expected, events),
        ({ outcome }) => ({ outcome }),
      ),
  },
  viewStore: {
    ...stores.viewStore,
    commit: (name, rows, position) =>
      within(`commit ${name.view}`, { view: name.view, rows: rows.length, position }, () =>
        stores.viewStore.commit(name, rows, position),
      ),
  },
});

const outcomeOf = (result: unknown): Facts =>
  result !== null && typeof result === 'object' && 'outcome' in result ? { outcome: String(result.outcome) } : {};

/** The same acts and questions, each as a span of its name. */
const traced = <S extends object>({ within }: Tracing, part: string, acts: S): S =>
  Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [
      name,
      typeof act === 'function'
        ? (...given: unknown[]) => within(`${part}.${name}`, {}, () => act(...given) as unknown, outcomeOf)
        : act,
    ]),
  ) as S;

const tracedServices = (tracing: Tracing, services: Services): Services => ({
  ...services,
  applicant: traced(tracing, 'applicant', services.applicant),
  staff: traced(tracing, 'staff', services.staff),
  certificates: traced(tracing, 'certificates', services.certificates),
  verifications: traced(tracing, 'verifications', services.verifications),
});
