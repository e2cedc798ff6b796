import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Office } from '#application/offices.ts';
import { completenessOf } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import { type SheetFile, sendSheet } from '../../sheets.ts';
import { staffOf } from './access.ts';
import { completenessBarsOf } from './bars.ts';
import { codeOf, found, kindText, pageOf } from './organisationModel.ts';
import { officeName } from './shown.ts';

const perPage = 100;

const lineOf = (services: Services, request: FastifyRequest, office: Office) => ({
  href: pageOf(office),
  code: office.code,
  name: office.name,
  kind: kindText(request, office),
  parent: officeName(services, office.parent),
  phone: office.phone,
  complete: office.complete,
});

/** What the address asks for: which organisations, and which page of them from 1. */
const askedOf = (request: FastifyRequest) => {
  const { show, page } = request.query as { show?: unknown; page?: unknown };
  return { all: show === 'all', page: /^[1-9]\d{0,3}$/.test(String(page)) ? Number(page) : 1 };
};

const addressOf = (code: string, all: boolean, page: number): string =>
  `${pageOf({ code })}/completeness?${new URLSearchParams({ ...(all ? { show: 'all' } : {}), page: String(page) })}`;

const pagerOf = (code: string, all: boolean, page: number, count: number) => ({
  page,
  back: page > 1 ? addressOf(code, all, page - 1) : undefined,
  next: page * perPage < count ? addressOf(code, all, page + 1) : undefined,
});

const completenessModel = (services: Services, request: FastifyRequest) => {
  const { office, below, all: every } = found(services.organisations.completeness(staffOf(request), codeOf(request)));
  const { all, page } = askedOf(request);
  const wanted = all ? every : every.filter(({ complete }) => !complete);
  const sum = completenessOf(services.deps.offices, office);
  const bars = below.map((one) => {
    return { name: one.office.name, counts: { complete: one.total - one.incomplete, incomplete: one.incomplete } };
  });
  return {
    title: request.text('organisations.completenessTitle', { office: office.name }),
    back: { name: office.name, href: pageOf(office) },
    summary: request.text('organisations.completenessAll', { ...sum, office: office.name }),
    bars: completenessBarsOf(bars),
    all,
    action: `${pageOf(office)}/completeness`,
    spreadsheet: `${pageOf(office)}/completeness.xlsx`,
    lines: wanted.slice((page - 1) * perPage, page * perPage).map((one) => lineOf(services, request, one)),
    pager: pagerOf(office.code, all, page, wanted.length),
  };
};

const columns = { code: 16, name: 42, kind: 26, parent: 36, phone: 18, state: 12 } as const;

/** Every organisation at and below the asked one, as a table. */
const sheetOf = (services: Services, request: FastifyRequest): SheetFile => {
  const { all } = found(services.organisations.completeness(staffOf(request), codeOf(request)));
  return {
    sheet: request.text('organisations.sheet'),
    columns: Object.entries(columns).map(([column, width]) => {
      return { title: request.text(`organisations.columns.${column}`), width };
    }),
    rows: all.map((office) => {
      const { code, name, kind, parent, phone = '', complete } = lineOf(services, request, office);
      return [code, name, kind, parent, phone, request.text(complete ? 'organisations.yes' : 'organisations.no')];
    }),
  };
};

/** Which records are incomplete, at an organisation and all below it: a list, a picture and a spreadsheet (O2). */
export const completenessRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/organisations/:code/completeness', async (request, reply) =>
    reply.page('management/completeness', completenessModel(services, request)),
  );
  app.get('/organisations/:code/completeness.xlsx', async (request, reply) =>
    sendSheet(reply, `organisations-${codeOf(request)}`, 'xlsx', sheetOf(services, request)),
  );
};
