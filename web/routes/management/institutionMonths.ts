import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { type SheetFile, sendSheet } from '../../sheets.ts';
import { staffOf } from './access.ts';
import { checkBarsOf } from './bars.ts';
import { officeName } from './shown.ts';

const columns = ['checks', 'unregistered', 'told', 'annotations', 'liveBorn'] as const;

const monthsModel = async (services: Services, request: FastifyRequest) => {
  const staff = staffOf(request);
  if (!services.institutions.mayCheck(staff)) throw new Problem('forbidden');
  const rows = await services.institutions.months(staff);
  const bars = rows.map(({ month, checks, unregistered }) => ({
    name: month,
    counts: { complete: checks - unregistered, incomplete: unregistered },
  }));
  return {
    title: request.text('institution.months.title', { institution: officeName(services, staff.office) }),
    columns: ['month', ...columns].map((column) => request.text(`institution.months.${column}`)),
    bars: checkBarsOf(bars),
    lines: rows.map((row) => ({ month: row.month, counts: columns.map((column) => row[column]) })),
  };
};

const sheetOf = async (services: Services, request: FastifyRequest): Promise<SheetFile> => {
  const { columns: titles, lines } = await monthsModel(services, request);
  return {
    sheet: request.text('institution.months.sheet'),
    columns: titles.map((title) => ({ title, width: 14 })),
    rows: lines.map(({ month, counts }) => [month, ...counts]),
  };
};

/** What the own institution did by month: a list, a picture and a spreadsheet (M1, M2, S1). */
export const institutionMonthRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/institution/months', async (request, reply) =>
    reply.page('management/institutionMonths', await monthsModel(services, request)),
  );
  app.get('/institution/months.xlsx', async (request, reply) =>
    sendSheet(reply, 'institution-months', 'xlsx', await sheetOf(services, request)),
  );
};
