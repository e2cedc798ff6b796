import type { FastifyInstance, FastifyRequest } from 'fastify';
import writeXlsxFile from 'write-excel-file/node';
import type { Office } from '#application/offices.ts';
import { completenessOf } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import { staffOf } from './access.ts';
import { completenessBarsOf } from './bars.ts';
import { codeOf, found, kindText, pageOf } from './organisationModel.ts';
import { officeName } from './shown.ts';

const perPage = 100;
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

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

const spreadsheet = async (services: Services, request: FastifyRequest): Promise<Buffer> => {
  const { all } = found(services.organisations.completeness(staffOf(request), codeOf(request)));
  const head = (['code', 'name', 'kind', 'parent', 'phone', 'state'] as const).map((column) =>
    request.text(`organisations.columns.${column}`),
  );
  const rows = all.map((office) => {
    const { code, name, kind, parent, phone = '', complete } = lineOf(services, request, office);
    return [code, name, kind, parent, phone, request.text(complete ? 'organisations.yes' : 'organisations.no')];
  });
  const data = [
    head.map((value) => ({ value, fontWeight: 'bold' as const })),
    ...rows.map((row) => row.map((value) => ({ value }))),
  ];
  const columns = [16, 42, 26, 36, 18, 12].map((width) => ({ width }));
  return writeXlsxFile(data, { sheet: request.text('organisations.sheet'), columns, stickyRowsCount: 1 }).toBuffer();
};

/** Which records are incomplete, at an organisation and all below it: a list, a picture and a spreadsheet (O2). */
export const completenessRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/organisations/:code/completeness', async (request, reply) =>
    reply.page('management/completeness', completenessModel(services, request)),
  );
  app.get('/organisations/:code/completeness.xlsx', async (request, reply) => {
    const bytes = await spreadsheet(services, request);
    const name = `attachment; filename="organisations-${codeOf(request)}.xlsx"`;
    return reply.type(xlsx).header('Content-Disposition', name).send(bytes);
  });
};
