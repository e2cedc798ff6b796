import { type TrailFilter, type TrailKind, trailKinds } from '#application/auditLines.ts';
import { isDay } from '#domain/calendar/day.ts';

/** What the address of a trail says, and the cursors that lead to the page shown. */
export type AskedTrail = {
  kind: TrailKind | undefined;
  from: string | undefined;
  to: string | undefined;
  account: string | undefined;
  other: boolean;
  trail: readonly string[];
};

type Query = Readonly<Record<string, unknown>>;

const longestTrail = 60;
const accountShape = /^[\w.@-]{1,60}$/;

const dayIn = (value: unknown): string | undefined => (typeof value === 'string' && isDay(value) ? value : undefined);

const cursorsIn = (at: unknown): readonly string[] =>
  typeof at === 'string' && at !== '' ? at.split('.').slice(-longestTrail) : [];

/** Reads the address; what it does not understand is left out. */
export const askedTrail = (query: Query): AskedTrail => {
  const account = typeof query['account'] === 'string' ? query['account'].trim().toLowerCase() : '';
  return {
    kind: trailKinds.find((kind) => kind === query['kind']),
    from: dayIn(query['from']),
    to: dayIn(query['to']),
    account: accountShape.test(account) ? account : undefined,
    other: query['other'] === '1',
    trail: cursorsIn(query['at']),
  };
};

/** The address that asks so, under a path. */
export const trailAddress = (path: string, asked: Partial<AskedTrail>): string => {
  const { kind, from, to, account, other, trail = [] } = asked;
  const query = new URLSearchParams({
    ...(kind && { kind }),
    ...(from && { from }),
    ...(to && { to }),
    ...(account && { account }),
    ...(other && { other: '1' }),
    ...(trail.length > 0 && { at: trail.slice(-longestTrail).join('.') }),
  });
  return query.size === 0 ? path : `${path}?${query}`;
};

/** The same as the application asks it. */
export const trailFilterOf = ({ kind, from, to, account, other, trail }: AskedTrail): TrailFilter => {
  const after = trail.at(-1);
  return {
    ...(kind && { kind }),
    ...(from && { from }),
    ...(to && { to }),
    ...(account && { account }),
    ...(other && { other }),
    ...(after !== undefined && { after }),
  };
};

/** Links to the page before and the page after. */
export const trailPager = (path: string, asked: AskedTrail, next: string | undefined) => ({
  page: asked.trail.length + 1,
  back: asked.trail.length === 0 ? undefined : trailAddress(path, { ...asked, trail: asked.trail.slice(0, -1) }),
  next: next === undefined ? undefined : trailAddress(path, { ...asked, trail: [...asked.trail, next] }),
});

/** The choices of the filter's form, what is chosen among them. */
export const trailFilters = (path: string, asked: AskedTrail, people: boolean) => ({
  kinds: trailKinds.map((value) => ({ value, selected: value === asked.kind })),
  from: asked.from,
  to: asked.to,
  people,
  account: asked.account,
  other: asked.other,
  narrowed: [asked.kind, asked.from, asked.to, asked.account].some((one) => one !== undefined) || asked.other,
  clear: path,
});
