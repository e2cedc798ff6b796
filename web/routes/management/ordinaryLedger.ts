import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { issuesPerPage, type LedgerIssue, type LedgerLine, type LedgerPart } from '#application/ordinaryLedger.ts';
import type { Services } from '#application/services.ts';
import { addDays, type Day, dayInShanghai, daysBetween, parseDay, weekday } from '#domain/calendar/day.ts';
import { printedParities } from '#domain/stock/serial.ts';
import { Problem } from '../../problems.ts';
import { type SheetFile, sendSheet } from '../../sheets.ts';
import { dayText } from '../../times.ts';
import { staffOf } from './access.ts';
import { weekBarsOf } from './bars.ts';
import { officeName, parityText } from './shown.ts';

const columns = ['serial', 'issuedOn', 'parity', 'bearer', 'document', 'documentNumber', 'handler', 'state'] as const;
const widths = [22, 16, 10, 14, 16, 24, 14, 40] as const;
const longest = 366;
const pageNumber = z.coerce.number().int().min(1).max(10_000).catch(1);

/** What the address asks for; without days the last four weeks. */
const askedOf = (services: Services, request: FastifyRequest) => {
  const query = request.query as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const today = dayInShanghai(services.deps.clock());
  const office = services.deps.offices.find(text('office') || services.deps.offices.current(staffOf(request).office));
  if (office === undefined) throw new Problem('absent');
  const to = text('to') === '' ? today : parseDay(text('to'));
  const from = text('from') === '' ? to && addDays(to, -27) : parseDay(text('from'));
  const parity = printedParities.find((one) => String(one) === text('parity'));
  const isPeriod = from !== undefined && to !== undefined && from <= to && daysBetween(from, to) < longest;
  return {
    office: office.code,
    parity,
    typed: { from: text('from'), to: text('to') },
    period: isPeriod && { from, to },
  };
};

const stateText = (request: FastifyRequest, { voided }: LedgerLine): string => {
  if (voided === undefined) return request.text('ordinaryLedger.states.valid');
  const reason = request.text(`certificate.void.${voided.reason}`);
  const fill = { day: dayText(request.locale, voided.voidedOn), reason, by: voided.supersededBy ?? '' };
  return request.text(`ordinaryLedger.states.${voided.supersededBy ? 'replaced' : 'void'}`, fill);
};

const cellsOf = (request: FastifyRequest, line: LedgerLine): readonly string[] => [
  line.serial,
  dayText(request.locale, line.issuedOn),
  parityText(request, line.parity),
  line.bearer?.name ?? request.text('ordinaryLedger.bearerErased'),
  request.text(`verification.documents.${line.document}`),
  line.bearer?.documentNumber ?? '',
  line.handler,
  stateText(request, line),
];

const mondayOf = (day: Day): Day => addDays(day, -((weekday(day) + 6) % 7));

const weeksOf = (request: FastifyRequest, all: readonly LedgerIssue[], { from, to }: { from: Day; to: Day }) => {
  const first = mondayOf(from);
  const count = Math.floor(daysBetween(first, to) / 7) + 1;
  return Array.from({ length: count }, (_, n) => {
    const [start, end] = [addDays(first, n * 7), addDays(first, n * 7 + 7)];
    const issued = all.filter(({ issuedOn }) => issuedOn >= start && issuedOn < end);
    const voided = issued.filter(({ status }) => status === 'void').length;
    const name = request.text('ordinaryLedger.weekOf', { day: dayText(request.locale, start) });
    return { name, counts: { issued: issued.length - voided, voided } };
  });
};

/** Counts the whole period; whose data are erased is known of the lines that are listed. */
const sumText = (request: FastifyRequest, { all, lines }: Pick<Read, 'all' | 'lines'>): string => {
  const voided = all.filter(({ status }) => status === 'void').length;
  const erased = lines.filter((line) => line.bearer === undefined).length;
  const sum = request.text('ordinaryLedger.sum', { issued: all.length, valid: all.length - voided, void: voided });
  return erased > 0 ? `${sum}${request.text('ordinaryLedger.erased', { erased })}` : sum;
};

const titlesOf = (request: FastifyRequest) => columns.map((column) => request.text(`ordinaryLedger.columns.${column}`));

type Read = { asked: ReturnType<typeof askedOf>; all: readonly LedgerIssue[]; lines: readonly LedgerLine[] };

const read = async (services: Services, request: FastifyRequest, part: LedgerPart): Promise<Read> => {
  const asked = askedOf(services, request);
  if (asked.period === false) return { asked, all: [], lines: [] };
  const { office, parity, period } = asked;
  const found = await services.ordinary.ledger(staffOf(request), { office, parity, ...period }, part);
  if (found.outcome === 'forbidden') throw new Problem('forbidden');
  return { asked, all: found.all, lines: found.lines };
};

/** Where the pages before and after this one are; `undefined` where there is none. */
const pagesOf = (request: FastifyRequest, query: URLSearchParams, number: number, count: number) => {
  const at = (page: number) => `/ordinary/ledger?${query}&page=${page}`;
  const last = Math.ceil(count / issuesPerPage);
  return {
    number,
    back: number > 1 ? at(number - 1) : undefined,
    next: number < last ? at(number + 1) : undefined,
    which: last > 1 ? request.text('ordinaryLedger.page', { page: number, pages: last }) : undefined,
  };
};

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const number = pageNumber.parse((request.query as { page?: unknown }).page ?? 1);
  const { asked, all, lines } = await read(services, request, { page: number });
  const { office, parity, period, typed } = asked;
  const titles = titlesOf(request);
  const days = period === false ? typed : period;
  const query = new URLSearchParams({ office, ...days, ...(parity && { parity: String(parity) }) });
  if (lines.length === 0 && all.length > 0) return reply.redirect(`/ordinary/ledger?${query}`, 303);
  const model = {
    title: request.text('ordinaryLedger.title'),
    ownStyles: ['management-ledger.css'],
    office: { code: office, name: officeName(services, office) },
    days,
    period: period && { from: period.from, to: period.to },
    parities: printedParities.map((one) => ({ parity: one, text: parityText(request, one), chosen: one === parity })),
    titles,
    lines: lines.map((line) => cellsOf(request, line).map((text, n) => ({ text, label: titles[n], first: n === 0 }))),
    sum: sumText(request, { all, lines }),
    pages: pagesOf(request, query, number, all.length),
    bars: period === false ? undefined : weekBarsOf(weeksOf(request, all, period)),
    spreadsheet: `/ordinary/ledger.xlsx?${query}`,
  };
  return reply.page('management/ordinaryLedger', model, period === false ? 400 : 200);
};

const spreadsheet = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { asked, all, lines } = await read(services, request, 'all');
  if (asked.period === false) throw new Problem('invalid');
  const { office, period } = asked;
  const titles = titlesOf(request);
  const name = officeName(services, office);
  const file: SheetFile = {
    sheet: request.text('ordinaryLedger.title'),
    above: [`${name} ${request.text('ordinaryLedger.title')} ${period.from} – ${period.to}`],
    columns: titles.map((title, n) => ({ title, width: widths[n] ?? 20 })),
    rows: lines.map((line) => cellsOf(request, line)),
    below: [sumText(request, { all, lines }), request.text('ordinaryLedger.signed')],
  };
  return sendSheet(reply, `ledger-${office}-${period.from}-${period.to}`, 'xlsx', file);
};

/** The register of ordinary certificates an office issued, to read, print and sign, and as a spreadsheet (C5). */
export const ordinaryLedgerRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/ordinary/ledger', (request, reply) => page(services, request, reply));
  app.get('/ordinary/ledger.xlsx', (request, reply) => spreadsheet(services, request, reply));
};
