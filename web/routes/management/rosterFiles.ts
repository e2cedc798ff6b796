import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RosterPreview } from '#application/roster/kept.ts';
import type { Services } from '#application/services.ts';
import { rosterColumns } from '#domain/account/rosterSheet.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { Problem } from '../../problems.ts';
import { faultsLine } from '../../rosterFaults.ts';
import { emptySheet, peopleSheet } from '../../rosterSheet.ts';
import { type SheetFile, type SheetFormat, sendSheet } from '../../sheets.ts';
import { idOf, staffOf } from './access.ts';
import { officeName } from './shown.ts';

/** The faulty rows as they were written, each with what is wrong with it. */
const faultySheet = (services: Services, request: FastifyRequest, { faulty, lines }: RosterPreview): SheetFile => {
  const byRow = new Map(lines.map((line) => [line.row, line]));
  return {
    sheet: request.text('roster.faultyFile.sheet'),
    columns: [
      { title: request.text('roster.columns.row'), width: 6 },
      ...rosterColumns.map((column) => ({ title: request.text(`roster.columns.${column}`), width: 16 })),
      { title: request.text('roster.columns.problem'), width: 70 },
    ],
    rows: faulty.map((one) => [
      one.row,
      ...rosterColumns.map((column) => byRow.get(one.row)?.cells[column]?.text ?? ''),
      faultsLine(services, request.locale, one),
    ]),
  };
};

type Slips = NonNullable<Awaited<ReturnType<Services['rosters']['slips']>>>;

const slipsSheet = (services: Services, request: FastifyRequest, slips: Slips): SheetFile => {
  const columns = ['row', 'name', 'role', 'office', 'account', 'password'] as const;
  const widths = { row: 6, name: 14, role: 14, office: 36, account: 26, password: 26 };
  return {
    sheet: request.text('roster.slipsFile.sheet'),
    columns: columns.map((column) => ({ title: request.text(`roster.columns.${column}`), width: widths[column] })),
    rows: slips.map(({ row, details, role, office, account, password }) => [
      row,
      details.name,
      request.text(`roster.roles.${role}`),
      officeName(services, office),
      account,
      password,
    ]),
  };
};

const printedSlips = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const id = idOf(request);
  const slips = await services.rosters.slips(staffOf(request), id);
  if (slips === undefined) return reply.redirect(`/people/roster/${id}`, 303);
  return reply.page('management/rosterSlips', {
    title: request.text('roster.slips.printTitle'),
    id,
    address: `${request.protocol}://${request.host}`,
    slips: slips.map(({ details, role, office, account, password }) => {
      return { name: details.name, role, office: officeName(services, office), account, password };
    }),
  });
};

/** The files of rosters: the empty sheet, everybody, what is faulty, and first passwords. */
export const rosterFileRoutes = (app: FastifyInstance, services: Services): void => {
  const today = () => dayInShanghai(services.deps.clock());
  const delicate = { config: { delicate: true } } as const;

  app.get('/people/roster/template.xlsx', async (request, reply) => {
    const office = services.deps.offices.find(staffOf(request).office);
    return sendSheet(reply, 'roster', 'xlsx', emptySheet({ unit: office?.name ?? '', phone: office?.phone ?? '' }));
  });

  for (const format of ['xlsx', 'csv'] satisfies SheetFormat[]) {
    app.get(`/people/roster/people.${format}`, delicate, async (request, reply) => {
      const exported = await services.rosters.exported(staffOf(request));
      if (exported.outcome === 'forbidden') throw new Problem('forbidden');
      const name = `roster-${staffOf(request).office}-${today()}`;
      return sendSheet(reply, name, format, peopleSheet(exported.people, exported.foot));
    });
  }

  app.get('/people/roster/:id/faulty.xlsx', delicate, async (request, reply) => {
    const preview = await services.rosters.preview(staffOf(request), idOf(request));
    if (preview === undefined) throw new Problem('absent');
    return sendSheet(reply, 'roster-faulty', 'xlsx', faultySheet(services, request, preview));
  });

  app.get('/people/roster/:id/passwords.xlsx', delicate, async (request, reply) => {
    const slips = await services.rosters.slips(staffOf(request), idOf(request));
    if (slips === undefined) throw new Problem('absent');
    return sendSheet(reply, 'roster-passwords', 'xlsx', slipsSheet(services, request, slips));
  });
  app.get('/people/roster/:id/passwords', delicate, (request, reply) => printedSlips(services, request, reply));
};
