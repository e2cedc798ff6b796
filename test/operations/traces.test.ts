import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { declarationOf } from '../support/declarations.ts';
import { temporaryFolder } from '../support/operations.ts';

type Attribute = { key: string; value: { stringValue?: string; intValue?: number } };
type Span = { name: string; traceId: string; spanId: string; parentSpanId?: string; attributes: readonly Attribute[] };
type Sent = { resourceSpans: readonly { scopeSpans: readonly { spans: readonly Span[] }[] }[] };

const secretsOf = ({ wife, husband, declaration, marriage, wifeHousehold }: RegistrationData) => [
  ...[wife, husband].flatMap(({ name, idNumber }) => [name, idNumber]),
  declaration.mobile,
  marriage.certificateNumber,
  wifeHousehold.street,
];

/** A collector that keeps the bodies it is sent. */
const startCollector = async () => {
  const bodies: Sent[] = [];
  const paths: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    paths.push(request.url);
    bodies.push((await json(request)) as Sent);
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    bodies,
    spans: () => bodies.flatMap((body) => body.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans))),
    close: () => server.close(),
  };
};

// Tells each file of the tracing packages that is loaded, but for the interface, which prom-client has anyway.
const watchLoads = `data:text/javascript,${encodeURIComponent(
  "import { registerHooks } from 'node:module'; registerHooks({ load: (url, context, next) => { " +
    "if (/@opentelemetry.(?!api)/.test(url)) process.stderr.write('loaded ' + url + '\\n'); return next(url, context); } });",
)}`;

/** The platform as `npm start` starts it, and all that it wrote. */
const startPlatform = async (directory: string, settings: Record<string, string> = {}) => {
  const child: ChildProcess = spawn(process.execPath, ['--import', watchLoads, 'src/main.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATA_DIR: directory,
      PUBLIC_PORT: '0',
      MANAGEMENT_PORT: '0',
      LOG_LEVEL: 'info',
      ...settings,
    },
  });
  let written = '';
  const { promise: greeted, resolve } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      written += part;
      if ((written.match(/http:\/\/localhost:\d+/g) ?? []).length >= 2) resolve();
    });
  }
  await Promise.race([greeted, once(child, 'exit')]);
  return {
    url: /http:\/\/localhost:\d+/.exec(written)?.[0] ?? '',
    written: () => written,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};

const place = temporaryFolder();
const [village] = loadDivisions().search('贵筑', { level: 'village', limit: 1 });
const couple = declarationOf(village?.code ?? '', 61);
const secretCode = 'eyJhbGciOiJFZERTQSJ9.secret.signature';
let queryCode: string;
let spans: readonly Span[];
let bodies: string;
let paths: readonly (string | undefined)[];
let written: string;

const post = (url: string, body: object) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
  });

beforeAll(async () => {
  const collector = await startCollector();
  const platform = await startPlatform(place.folder, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const made = await post(`${platform.url}/api/v1/registrations`, couple);
  expect(made.status).toBe(201);
  ({ queryCode } = (await made.json()) as { queryCode: string });
  await post(`${platform.url}/api/v1/registrations/open`, { queryCode, name: couple.wife.name });
  await post(`${platform.url}/api/v1/registrations`, couple);
  await fetch(`${platform.url}/verify/${secretCode}`);
  await fetch(`${platform.url}/nothing?name=${encodeURIComponent(couple.wife.name)}`);
  await platform.stop();
  collector.close();
  spans = collector.spans();
  bodies = JSON.stringify(collector.bodies);
  paths = collector.paths;
  written = platform.written();
  expect(written).toMatch(/Z 收到 SIGTERM，平台正在停止。 Stopping on SIGTERM\./);
}, 60_000);
afterAll(() => place.remove());

const named = (name: string) => spans.filter((span) => span.name === name);
const fact = ({ attributes }: Span, key: string) => {
  const value = attributes.find((attribute) => attribute.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};

describe('traces', { timeout: 60_000 }, () => {
  test('show a request by its route, in it the command, and in that the appends', () => {
    expect(new Set(paths)).toEqual(new Set(['/v1/traces']));
    const requests = named('POST /api/v1/registrations');
    expect(requests.map((span) => fact(span, 'http.response.status_code'))).toEqual([201, 409]);
    const [request] = requests;
    const inTrace = spans.filter(({ traceId }) => traceId === request?.traceId);
    const command = inTrace.find(({ name }) => name === 'applicant.submit');
    expect(command).toMatchObject({ parentSpanId: request?.spanId });
    expect(command && fact(command, 'outcome')).toBe('done');
    const appends = inTrace.filter(({ name }) => name.startsWith('append '));
    expect(appends.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
      ['append couple', command?.spanId],
      ['append registration', command?.spanId],
    ]);
    expect(appends.map((span) => fact(span, 'outcome'))).toEqual(['appended', 'appended']);
    expect(named('commit registration').length).toBeGreaterThan(0);
    expect(named('GET /verify/:code').length + named('GET unknown').length).toBeGreaterThan(1);
  });

  test('hold no name, number, address or code of a couple, and no more does the log', () => {
    const secrets = [
      ...secretsOf(couple),
      queryCode,
      secretCode,
      'secret.signature',
      encodeURIComponent(couple.wife.name),
    ];
    expect(secrets.every((secret) => secret.length > 1)).toBe(true);
    for (const secret of secrets) {
      expect(bodies).not.toContain(secret);
      expect(written.replaceAll(/演示账号[\s\S]*?\n\n/g, '')).not.toContain(secret);
    }
    expect(written).toContain('"route":"/api/v1/registrations"');
  });

  test('are loaded only where a collector is named', async () => {
    expect(written).toContain('loaded ');
    const untraced = await startPlatform(place.folder);
    await fetch(untraced.url);
    await untraced.stop();
    expect(untraced.url).toMatch(/^http:/);
    expect(untraced.written()).not.toContain('loaded ');
  });

  test('that nobody takes disturb nothing', async () => {
    const alone = await startPlatform(place.folder, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    expect((await fetch(alone.url)).status).toBe(200);
    await alone.stop();
    expect(alone.written().replaceAll(/^loaded .*$/gm, '')).not.toMatch(/Error|fault/);
  });
});
