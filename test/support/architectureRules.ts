import { importsOf, type SourceFile, withoutComments } from './sourceFiles.ts';

type Room = 'domain' | 'projections' | 'application' | 'infrastructure' | 'web' | 'root';

const MAY_SEE: Record<Room, readonly Room[]> = {
  domain: ['domain'],
  projections: ['domain', 'projections'],
  application: ['domain', 'projections', 'application'],
  infrastructure: ['domain', 'projections', 'application', 'infrastructure'],
  web: ['domain', 'projections', 'application', 'web'],
  root: ['domain', 'projections', 'application', 'infrastructure', 'web', 'root'],
};

const ROOMS: readonly [RegExp, Room][] = [
  [/^src\/domain\//, 'domain'],
  [/^src\/projections\//, 'projections'],
  [/^src\/application\//, 'application'],
  [/^src\/infrastructure\//, 'infrastructure'],
  [/^web\//, 'web'],
  [/^src\/((demo|operations)\/)?[^/]+$/, 'root'],
];

const DOMAIN_PACKAGES = ['zod', 'ts-pattern'];
const OUTSIDE_WORLD = /^(node:(fs|sqlite|http|https|net|child_process|os)\b|fastify|@fastify\/|mongodb|puppeteer)/;
const UNTOLD = /\bDate\.now\s*\(|\bnew\s+Date\s*(\(\s*\)|;|\n)|\bMath\.random\s*\(|\brandomUUID\s*\(/;
const DEFAULT_CASE = /\bswitch\s*\([\s\S]*?\n\s*default\s*:/;

/** Where a file lives, or undefined for a place that the design doesn't know. */
export const roomOf = (path: string): Room | undefined => ROOMS.find(([place]) => place.test(path))?.[1];

/** What a file does against the design, one sentence each; nothing for a file that keeps to it. */
export const violationsIn = (file: SourceFile): string[] => {
  const room = roomOf(file.path);
  if (room === undefined) return [`${file.path} lies outside the rooms of the design`];
  const complaints = [
    ...importsOf(file).flatMap((target) => againstArrows(room, target)),
    ...againstArguments(room, file),
    ...(room === 'domain' && DEFAULT_CASE.test(withoutComments(file.text)) ? ['has a switch with a default'] : []),
  ];
  return complaints.map((complaint) => `${file.path} ${complaint}`);
};

const againstArrows = (room: Room, target: string): string[] => {
  const complaint = [`imports ${target}`];
  const own = /^(src|web|test|scripts|package\.json|\.\.)(\/|$)/.test(target);
  if (own) {
    const seen = roomOf(target);
    return seen !== undefined && MAY_SEE[room].includes(seen) ? [] : complaint;
  }
  if (room === 'domain') return DOMAIN_PACKAGES.includes(target) ? [] : complaint;
  const drives = room === 'application' || room === 'projections';
  return drives && OUTSIDE_WORLD.test(target) ? complaint : [];
};

// Browser scripts under web/assets have no one to be told the time by.
const againstArguments = (room: Room, { path, text }: SourceFile): string[] => {
  if (room === 'infrastructure' || room === 'root' || path.startsWith('web/assets/')) return [];
  const found = UNTOLD.exec(withoutComments(text))?.[0];
  return found === undefined ? [] : [`takes time or chance for itself: ${found.trim()}`];
};
