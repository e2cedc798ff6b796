import { readFileSync, writeFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
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
  const rows = [['route', ...columns], ['', ...columns].map(() => '---'), ...lines];
  writeFileSync(fileOf(name), `${head}\n${rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`);
};

const isRead = ({ method }: Route) => method === 'GET';

/** The routes that are walked, what only reads before all else: HEAD answers as GET does, and a stream of news never ends. */
export const walkedRoutes = async (site: FastifyInstance): Promise<readonly Route[]> =>
  (await routesOf(site))
    .filter(({ method, path }) => !['HEAD', 'OPTIONS'].includes(method) && path !== '/inbox/events')
    .toSorted((a, b) => Number(isRead(b)) - Number(isRead(a)) || (nameOf(a) < nameOf(b) ? -1 : 1));

/** Asks every route in every role. */
export const walk = async (
  routes: readonly Route[],
  columns: readonly string[],
  ask: (role: string, route: Route) => Promise<string>,
): Promise<Answers> => {
  const answers = new Map<string, readonly string[]>();
  for (const route of routes) {
    const told: string[] = [];
    for (const role of columns) told.push(await ask(role, route));
    answers.set(nameOf(route), told);
  }
  return answers;
};
