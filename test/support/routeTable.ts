import { readFileSync, writeFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { type Route, routesOf } from './routes.ts';

/** What each route answers to each of those who ask, in the order of the columns. */
export type Answers = ReadonlyMap<string, readonly string[]>;

export const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

const fileOf = (name: string) => new URL(`../fixtures/${name}.md`, import.meta.url);

/** The answers that a table file says. */
export const tableOf = (name: string): Answers =>
  new Map(
    readFileSync(fileOf(name), 'utf8')
      .split('\n')
      .filter((line) => /^\| [A-Z]+ /.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, route = '', ...cells]) => [route, cells.slice(0, -1)]),
  );

/** Writes a table anew under the text that its file begins with, to be read before it is kept. */
export const writeTable = (name: string, columns: readonly string[], answers: Answers): void => {
  const [head] = readFileSync(fileOf(name), 'utf8').split('\n| route');
  const lines = [...answers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([route, told]) => [route, ...told]);
  const rows = [['route', ...columns, 'counted'], ['', '', ...columns].map(() => '---'), ...lines];
  writeFileSync(fileOf(name), `${head}\n${rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`);
};

const isRead = ({ method }: Route) => method === 'GET';

/** The routes that are walked, what only reads before all else: HEAD answers as GET does, and a stream of news never ends. */
export const walkedRoutes = async (site: FastifyInstance): Promise<readonly Route[]> =>
  (await routesOf(site))
    .filter(({ method, path }) => !['HEAD', 'OPTIONS'].includes(method) && path !== '/inbox/events')
    .toSorted((a, b) => Number(isRead(b)) - Number(isRead(a)) || (nameOf(a) < nameOf(b) ? -1 : 1));

/** How a site is asked in roles: `ready` lets someone come who is not there (any more). */
export type Asking = {
  ready: (role: string) => Promise<void>;
  ask: (role: string, route: Route) => Promise<string>;
};

/** Notes which tries are counted against limits. */
const notingTries = ({ deps }: Services): Set<string> => {
  const store = deps.transientStore;
  const noted = new Set<string>();
  const increment: typeof store.increment = (kind, ...rest) => {
    noted.add(kind.replace(/^limit:/, ''));
    return store.increment(kind, ...rest);
  };
  deps.transientStore = { ...store, increment };
  return noted;
};

/** Asks every route in every role; the last column says what is counted, of whomever. */
export const walk = async (
  services: Services,
  routes: readonly Route[],
  roles: readonly string[],
  { ready, ask }: Asking,
): Promise<Answers> => {
  const noted = notingTries(services);
  const answers = new Map<string, readonly string[]>();
  for (const route of routes) {
    const told: string[] = [];
    for (const role of roles) await ready(role);
    noted.clear();
    for (const role of roles) told.push(await ask(role, route));
    answers.set(nameOf(route), [...told, [...noted].sort().join(', ')]);
  }
  return answers;
};
