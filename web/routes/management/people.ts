import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type AccountFilter,
  type AccountLine,
  type AccountNumbers,
  accountStandings,
} from '#application/accountLists.ts';
import type { Services } from '#application/services.ts';
import { roles } from '#domain/account/authorisations.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { sendSheet } from '../../sheets.ts';
import { staffOf, tokenOf } from './access.ts';
import { peopleBarsOf } from './bars.ts';
import { lastSearchOf } from './lastSearch.ts';
import { authorisationText, pageOf, roleText } from './peopleModel.ts';
import { officeName } from './shown.ts';

const queryOf = z.object({
  office: z.string().max(24).optional().catch(undefined),
  below: z.enum(['0', '1']).optional().catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
  standing: z.enum(accountStandings).optional().catch(undefined),
  ending: z.literal('1').optional().catch(undefined),
  after: z.string().max(200).optional().catch(undefined),
});

/** The filter that an address asks for; without one all people of the reader's subtree. */
const filterOf = (services: Services, request: FastifyRequest): AccountFilter => {
  const { office, below, role, standing, ending, after } = queryOf.parse(request.query);
  const asked = office === undefined || office === '' ? staffOf(request).office : office;
  if (!services.accounts.maySee(staffOf(request), asked)) throw new Problem('forbidden');
  return {
    office: asked,
    below: below !== '0',
    ...(role === undefined ? {} : { role }),
    ...(standing === undefined ? {} : { standing }),
    ...(ending === undefined ? {} : { ending: true }),
    ...(after === undefined ? {} : { after }),
  };
};

const addressOf = ({ office, below, role, standing, ending }: AccountFilter, after?: string): string => {
  const asked = new URLSearchParams({
    office,
    below: below ? '1' : '0',
    ...(role === undefined ? {} : { role }),
    ...(standing === undefined ? {} : { standing }),
    ...(ending ? { ending: '1' } : {}),
    ...(after === undefined ? {} : { after }),
  });
  return `/people?${asked}`;
};

const shownGrants = 3;

const grantsText = (request: FastifyRequest, { row }: AccountLine) => {
  const names = row.grants.map(({ authorisation }) => authorisationText(request, authorisation));
  const more = names.length - shownGrants;
  return names.slice(0, shownGrants).join('、') + (more > 0 ? ` +${more}` : '');
};

const lineOf = (services: Services, request: FastifyRequest, line: AccountLine) => ({
  href: pageOf(line.row.id),
  account: line.row.id,
  name: line.row.erasedOn === undefined ? line.name : request.text('workbench.erased'),
  mobile: line.mobile,
  office: officeName(services, services.deps.offices.current(line.row.office)),
  role: roleText(request, line.row.role),
  standing: line.standing,
  ending: line.ending,
  grants: grantsText(request, line),
});

const filtersModel = (services: Services, request: FastifyRequest, filter: AccountFilter) => {
  const own = staffOf(request).office;
  const offices = [own, ...services.deps.offices.children(own).map(({ code }) => code)];
  const shown = offices.includes(filter.office) ? offices : [...offices, filter.office];
  const chosen = <V extends string>(values: readonly V[], value: V | undefined) =>
    values.map((one) => ({ value: one, selected: one === value }));
  return {
    offices: chosen(shown, filter.office).map((one) => ({ ...one, text: officeName(services, one.value) })),
    below: filter.below,
    roles: chosen(roles, filter.role).map((one) => ({ ...one, text: roleText(request, one.value) })),
    standings: chosen(accountStandings, filter.standing),
    ending: filter.ending,
    narrowed:
      filter.office !== own ||
      !filter.below ||
      filter.role !== undefined ||
      filter.standing !== undefined ||
      filter.ending,
  };
};

const list = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const staff = staffOf(request);
  const filter = filterOf(services, request);
  const { lines, next } = await services.accounts.list(staff, filter);
  return reply.page('management/people', {
    title: request.text('people.title', { office: officeName(services, filter.office) }),
    mayRegister: services.accounts.openings(staff).length > 0,
    numbers: `/people/numbers?${new URLSearchParams({ office: filter.office })}`,
    filters: filtersModel(services, request, filter),
    lines: lines.map((line) => lineOf(services, request, line)),
    next: next && addressOf(filter, next),
    first: filter.after === undefined ? undefined : addressOf(filter),
  });
};

const pieces = ['verified', 'unverified', 'disabled'] as const;
const columns = [...pieces, 'closed', 'ending', 'operator', 'admin'] as const;

const nameIn = (services: Services, request: FastifyRequest, { office, own }: AccountNumbers): string => {
  const name = officeName(services, office);
  return own ? request.text('people.numbersPage.own', { office: name }) : name;
};

const columnText = (request: FastifyRequest, column: (typeof columns)[number]): string =>
  column === 'ending'
    ? request.text('people.ending')
    : request.text(
        column === 'operator' || column === 'admin' ? `audit.roles.${column}` : `people.standings.${column}`,
      );

const numbersFor = async (services: Services, request: FastifyRequest) => {
  const { office } = filterOf(services, request);
  return { office, numbers: await services.accounts.numbers(staffOf(request), office) };
};

const numbersPage = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { office, numbers } = await numbersFor(services, request);
  const asked = new URLSearchParams({ office });
  const bars = numbers.map((one) => ({ name: nameIn(services, request, one), counts: one }));
  return reply.page('management/peopleNumbers', {
    title: request.text('people.numbersPage.title', { office: officeName(services, office) }),
    back: `/people?${asked}`,
    spreadsheet: `/people/numbers.xlsx?${asked}`,
    bars: peopleBarsOf(bars),
    pieces,
    columns: columns.map((column) => columnText(request, column)),
    lines: numbers.map((one) => ({
      name: nameIn(services, request, one),
      href: `/people?${new URLSearchParams({ office: one.office, below: one.own ? '0' : '1' })}`,
      counts: columns.map((column) => ({ label: columnText(request, column), count: one[column] })),
    })),
    now: new Date(services.deps.clock()).toISOString(),
  });
};

const spreadsheet = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { office, numbers } = await numbersFor(services, request);
  const titles = columns.map((column) => ({ title: columnText(request, column), width: 12 }));
  return sendSheet(reply, `people-${office}`, 'xlsx', {
    sheet: request.text('people.numbersPage.sheet'),
    columns: [{ title: request.text('people.columns.office'), width: 42 }, ...titles],
    rows: numbers.map((one) => [nameIn(services, request, one), ...columns.map((column) => one[column])]),
  });
};

const searchForm = z.object({ text: z.string().max(60) });

const search = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const staff = staffOf(request);
  if (!services.accounts.maySee(staff)) throw new Problem('forbidden');
  const searched = await lastSearchOf(services, 'people', tokenOf(request)).recall(request.parked?.body['text']);
  const lines = await services.accounts.search(staff, searched);
  return reply.page('management/peopleFound', {
    title: request.text('people.found'),
    searched,
    lines: lines.map((line) => lineOf(services, request, line)),
  });
};

/** The people of one's office and of those below, found, counted, and as a spreadsheet (O3). */
export const peopleRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/people', (request, reply) => list(services, request, reply));
  app.get('/people/numbers', (request, reply) => numbersPage(services, request, reply));
  app.get('/people/numbers.xlsx', (request, reply) => spreadsheet(services, request, reply));
  app.get('/people/search', (request, reply) => search(services, request, reply));
  app.post('/people/search', async (request, reply) => {
    const typed = searchForm.safeParse(request.body);
    if (!typed.success) throw new Problem('invalid');
    const staff = staffOf(request);
    if (!services.accounts.maySee(staff)) throw new Problem('forbidden');
    await limitByAccount(services, limits.searches, staff.account);
    await lastSearchOf(services, 'people', tokenOf(request)).keep(typed.data.text.trim());
    return reply.redirect('/people/search', 303);
  });
};
