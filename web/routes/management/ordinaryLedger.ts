import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type LedgerLine, mostIssues } from '#application/ordinaryLedger.ts';
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

const weeksOf = (request: FastifyRequest, lines: readonly LedgerLine[], { from, to }: { from: Day; to: Day }) => {
  const first = mondayOf(from);
  const count = Math.floor(daysBetween(first, to) / 7) + 1;
  return Array.from({ length: count }, (_, n) => {
    const [start, end] = [addDays(first, n * 7), addDays(first, n * 7 + 7)];
    const issued = lines.filter(({ issuedOn }) => issuedOn >= start && issuedOn < end);
    const voided = issued.filter((line) => line.voided !== undefined).length;
    const name = request.text('ordinaryLedger.weekOf', { day: dayText(request.locale, start) });
    return { name, counts: { issued: issued.length - voided, voided } };
  });
};

const sumText = (request: FastifyRequest, lines: readonly LedgerLine[]): string => {
  const voided = lines.filter((line) => line.voided !== undefined).length;
  const erased = lines.filter((line) => line.bearer === undefined).length;
  return request.text('ordinaryLedger.sum', {
    issued: lines.length,
    valid: lines.length - voided,
    void: voided,
    erased,
  });
};

const titlesOf = (request: FastifyRequest) => columns.map((column) => request.text(`ordinaryLedger.columns.${column}`));

const read = async (services: Services, request: FastifyRequest, what: 'listed' | 'exported') => {
  const asked = askedOf(services, request);
  if (asked.period === false) return { asked, lines: [], more: false };
  const { office, parity, period } = asked;
  const found = await services.ordinary.ledger(staffOf(request), { office, parity, ...period }, what);
  if (found.outcome === 'forbidden') throw new Problem('forbidden');
  return { asked, lines: found.lines, more: found.more };
};

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { asked, lines, more } = await read(services, request, 'listed');
  const { office, parity, period, typed } = asked;
  const titles = titlesOf(request);
  const days = period === false ? typed : period;
  const query = new URLSearchParams({ office, ...days, ...(parity && { parity: String(parity) }) });
  const model = {
    title: request.text('ordinaryLedger.title'),
    ownStyles: ['management-ledger.css'],
    office: { code: office, name: officeName(services, office) },
    days,
    period: period && { from: period.from, to: period.to },
    parities: printedParities.map((one) => ({ parity: one, text: parityText(request, one), chosen: one === parity })),
    titles,
    lines: lines.map((line) => cellsOf(request, line).map((text, n) => ({ text, label: titles[n], first: n === 0 }))),
    sum: sumText(request, lines),
    more: more ? mostIssues : undefined,
    bars: period === false ? undefined : weekBarsOf(weeksOf(request, lines, period)),
    spreadsheet: `/ordinary/ledger.xlsx?${query}`,
  };
  return reply.page('management/ordinaryLedger', model, period === false ? 400 : 200);
};

const spreadsheet = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { asked, lines } = await read(services, request, 'exported');
  if (asked.period === false) throw new Problem('invalid');
  const { office, period } = asked;
  const titles = titlesOf(request);
  const name = officeName(services, office);
  const file: SheetFile = {
    sheet: request.text('ordinaryLedger.title'),
    above: [`${name} ${request.text('ordinaryLedger.title')} ${period.from} – ${period.to}`],
    columns: titles.map((title, n) => ({ title, width: widths[n] ?? 20 })),
    rows: lines.map((line) => cellsOf(request, line)),
    below: [sumText(request, lines), request.text('ordinaryLedger.signed')],
  };
  return sendSheet(reply, `ledger-${office}-${period.from}-${period.to}`, 'xlsx', file);
};

/** The register of ordinary certificates an office issued, to read, print and sign, and as a spreadsheet (C5). */
export const ordinaryLedgerRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/ordinary/ledger', (request, reply) => page(services, request, reply));
  app.get('/ordinary/ledger.xlsx', (request, reply) => spreadsheet(services, request, reply));
};
