import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OfficeNumbers } from '#application/officeNumbers.ts';
import { type Office, officesBelow } from '#application/offices.ts';
import { completenessOf } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import { inboxStatuses } from '#application/staffQueries.ts';
import { listText } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { type SheetFile, sendSheet } from '../../sheets.ts';
import { staffOf } from './access.ts';
import { barsOf } from './bars.ts';

const openOf = ({ counts }: OfficeNumbers) => counts.submitted + counts.received + counts.accepted;

const nameIn = (request: FastifyRequest, { office, own }: OfficeNumbers) =>
  own ? request.text('offices.own', { office: office.name }) : office.name;

/** An office with others below it opens its own overview first, any other its workbench. */
const linksOf = ({ deps }: Services, { office, own }: OfficeNumbers) => {
  const inbox = `/offices/${office.code}/inbox`;
  const below = !own && officesBelow(deps.offices, office.code).length > 0;
  return below ? { href: `/offices/${office.code}`, inbox } : { href: inbox };
};

/** Whose work counts here besides, since they merged into it (S1). */
const mergedText = (request: FastifyRequest, { merged }: OfficeNumbers) =>
  merged.length === 0
    ? undefined
    : request.text('organisations.mergedNote', {
        names: listText(
          request.locale,
          merged.map(({ name }) => name),
        ),
      });

const lineOf = (services: Services, request: FastifyRequest, numbers: OfficeNumbers) => ({
  name: nameIn(request, numbers),
  open: openOf(numbers),
  overdue: numbers.overdue,
  merged: mergedText(request, numbers),
  counts: inboxStatuses.map((status) => ({ status, count: numbers.counts[status] })),
  ...linksOf(services, numbers),
});

/** How many below have yet to complete their record (O2). */
const incompleteModel = ({ deps }: Services, request: FastifyRequest, office: Office) => {
  const { incomplete } = completenessOf(deps.offices, office);
  const text = request.text('offices.incomplete', { count: incomplete });
  return incomplete === 0 ? undefined : { href: `/organisations/${office.code}/completeness`, text };
};

/** The numbers of an office and those below it; an office that is unknown or out of reach is a problem. */
const numbersFor = async (services: Services, request: FastifyRequest, code: string) => {
  const office = services.deps.offices.find(code);
  if (office === undefined) throw new Problem('absent');
  if (!services.staff.mayList(staffOf(request), code)) throw new Problem('forbidden');
  return { office, numbers: await services.staff.overview(staffOf(request), code) };
};

const overviewModel = async (services: Services, request: FastifyRequest, code: string) => {
  const { office, numbers } = await numbersFor(services, request, code);
  const parent = code === staffOf(request).office ? undefined : services.deps.offices.find(office.parent);
  const bars = numbers.map((one) => ({ name: nameIn(request, one), counts: one.counts }));
  return {
    title: request.text('offices.title', { office: office.name }),
    parent: parent && { name: parent.name, href: `/offices/${parent.code}` },
    incomplete: incompleteModel(services, request, office),
    lines: numbers.map((one) => lineOf(services, request, one)),
    statuses: inboxStatuses,
    bars: barsOf(bars),
    spreadsheet: `/offices/${code}/numbers.xlsx`,
    now: new Date(services.deps.clock()).toISOString(),
  };
};

const sheetOf = (request: FastifyRequest, numbers: readonly OfficeNumbers[]): SheetFile => {
  const { text } = request;
  const counted = ['offices.open', 'offices.overdue', ...inboxStatuses.map((status) => `statuses.${status}`)];
  return {
    sheet: text('offices.sheet'),
    columns: [
      { title: text('offices.column'), width: 42 },
      ...counted.map((title) => ({ title: text(title), width: 12 })),
      { title: text('organisations.merged'), width: 42 },
    ],
    rows: numbers.map((one) => [
      nameIn(request, one),
      openOf(one),
      one.overdue,
      ...inboxStatuses.map((status) => one.counts[status]),
      one.merged.map(({ name }) => name).join('、'),
    ]),
  };
};

/** What supervising offices see of those below them: numbers, a picture, a spreadsheet, and each one's workbench. */
export const officeRoutes = (app: FastifyInstance, services: Services): void => {
  const show = async (request: FastifyRequest, code: string) => overviewModel(services, request, code);

  app.get('/offices', async (request, reply) =>
    reply.page('management/offices', await show(request, staffOf(request).office)),
  );

  app.get('/offices/:code', async (request, reply) =>
    reply.page('management/offices', await show(request, (request.params as { code: string }).code)),
  );

  app.get('/offices/:code/numbers.xlsx', async (request, reply) => {
    const { code } = request.params as { code: string };
    const { numbers } = await numbersFor(services, request, code);
    return sendSheet(reply, `numbers-${code}`, 'xlsx', sheetOf(request, numbers));
  });
};
