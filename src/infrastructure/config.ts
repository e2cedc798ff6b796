import { z } from 'zod';
import { type SecondFactorPolicy, secondFactorPolicies } from '#domain/account/signInStage.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const host = z.string().min(1);

const schema = z.object({
  PUBLIC_PORT: port.default(8080),
  MANAGEMENT_PORT: port.default(8081),
  PUBLIC_HOST: host.default('127.0.0.1'),
  MANAGEMENT_HOST: host.default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  MANAGEMENT_URL: z.url({ protocol: /^https?$/ }).optional(),
  SECOND_FACTOR: z.enum(secondFactorPolicies).optional(),
  DATA_DIR: z.string().min(1).default('data'),
  EVENT_STORE_URL: z
    .url({ protocol: /^esdb(\+discover)?$/, error: 'must begin with esdb:// or esdb+discover://' })
    .optional(),
  VIEW_STORE_URL: z
    .url({ protocol: /^mongodb(\+srv)?$/, error: 'must begin with mongodb:// or mongodb+srv://' })
    .optional(),
  DEMO: z.enum(['0', '1']).default('1'),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    ),
  PIS_URL: z.url().optional(),
  EXCHANGE_URL: z.url().optional(),
  IDENTITY_URL: z.url().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('birth-registration'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

export type Config = z.infer<typeof schema>;

/** Where the settings put the stores. */
export const placesOf = ({ DATA_DIR, EVENT_STORE_URL, VIEW_STORE_URL }: Config) => ({
  directory: DATA_DIR,
  eventStoreUrl: EVENT_STORE_URL,
  viewStoreUrl: VIEW_STORE_URL,
});

/** Of whom a second factor is demanded: of admins, unless it is a demo or the setting says otherwise. */
export const secondFactorOf = ({ SECOND_FACTOR, DEMO }: Config): SecondFactorPolicy =>
  SECOND_FACTOR ?? (DEMO === '1' ? 'nobody' : 'admins');

/** A setting cannot be used: one sentence per setting, each with what would be right. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Settings from the environment. Throws `ConfigError`. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`These settings cannot be used — 以下设置无效：\n${faults.join('\n')}`);
  }
  const config = parsed.data;
  const outside = [config.PIS_URL, config.EXCHANGE_URL, config.IDENTITY_URL];
  if (config.DEMO === '0' && outside.includes(undefined)) {
    throw new ConfigError(
      'DEMO=0 时请设置 PIS_URL、EXCHANGE_URL（人口系统）和 IDENTITY_URL（核对姓名和身份证号码）；试用可先运行 npm run sandboxes。\n' +
        'DEMO=0 needs PIS_URL and EXCHANGE_URL, where the population systems answer, and IDENTITY_URL, where names are checked; npm run sandboxes plays them for trying.',
    );
  }
  if (config.DEMO === '0' && config.SECOND_FACTOR === 'nobody') {
    throw new ConfigError(
      'SECOND_FACTOR=nobody is for the demo alone: admins and everyone are the choices without it.',
    );
  }
  return config;
};
