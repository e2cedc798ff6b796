import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type AccessNumbers,
  countedLooks as counted,
  officeHours,
  type UnusualDay,
  unusualFrom,
} from '#application/auditNumbers.ts';
import type { Services } from '#application/services.ts';
import { subjectKinds } from '#domain/access/events.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { Problem } from '../../problems.ts';
import { sendSheet, sheetFormats } from '../../sheets.ts';
import { staffOf } from './access.ts';
import { trailAddress } from './auditFilter.ts';
import { auditFound } from './auditTrails.ts';
import { lookBarsOf } from './bars.ts';
import { showForm } from './parkedForms.ts';
import { officeName } from './shown.ts';

const mostUnusual = 50;
const mostMonths = 24;

/** The months that can be chosen, this one first. */
const monthsUntil = (today: string): readonly string[] => {
  const [year = '', month = ''] = today.split('-');
  const now = Number(year) * 12 + Number(month) - 1;
  const text = (n: number) => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;
  return Array.from({ length: mostMonths }, (_, before) => text(now - before));
};

const asked = ({ deps }: Services, request: FastifyRequest) => {
  const { code = staffOf(request).office } = request.params as { code?: string };
  const months = monthsUntil(dayInShanghai(deps.clock()));
  const { month } = request.query as { month?: unknown };
  return { code, months, month: months.find((one) => one === month) ?? months[0] ?? '' };
};

const nameIn = (request: FastifyRequest, { office, own }: AccessNumbers) =>
  own ? request.text('offices.own', { office: office.name }) : office.name;

const lineOf = ({ deps }: Services, request: FastifyRequest, numbers: AccessNumbers, month: string) => {
  const { office, own, counts, merged } = numbers;
  const trail = `/audit/offices/${office.code}/trail`;
  const below = !own && deps.offices.children(office.code).length > 0;
  return {
    name: nameIn(request, numbers),
    href: below ? `/audit/offices/${office.code}?month=${month}` : trail,
    trail: below ? trail : undefined,
    merged: merged.map(({ code, name }) => ({ name, href: `/audit/offices/${code}/trail` })),
    counts: counted.map((name) => ({ name, count: counts[name], odd: name === 'self' && counts.self > 0 })),
  };
};

const unusualLine = (services: Services, request: FastifyRequest, { row, name, offHours, oddities }: UnusualDay) => ({
  on: row.day,
  who: name ?? row.account,
  office: officeName(services, row.office),
  href: trailAddress(`/audit/accounts/${encodeURIComponent(row.account)}`, { from: row.day, to: row.day }),
  opened: row.opened,
  other: row.other,
  offHours,
  why: oddities.map((one) => request.text(`audit.oddities.${one}`, { count: offHours })),
});

const model = async (services: Services, request: FastifyRequest) => {
  const { code, months, month } = asked(services, request);
  const { lines, unusual } = auditFound(request, await services.audit.numbers(staffOf(request), code, month));
  const office = services.deps.offices.find(code);
  const up = code === staffOf(request).office ? undefined : services.deps.offices.find(office?.parent ?? '');
  const query = new URLSearchParams({ month });
  const bars = lines.map((one) => ({
    name: nameIn(request, one),
    counts: { own: one.counts.opened - one.counts.other, other: one.counts.other },
  }));
  return {
    title: request.text('audit.title', { office: office?.name ?? code }),
    parent: up && { name: up.name, href: `/audit/offices/${up.code}?${query}` },
    formPath: `/audit/offices/${code}`,
    months: months.map((value) => ({ value, selected: value === month })),
    columns: counted,
    lines: lines.map((one) => lineOf(services, request, one, month)),
    bars: lookBarsOf(bars),
    unusual: unusual.slice(0, mostUnusual).map((one) => unusualLine(services, request, one)),
    unusualCount: unusual.length,
    limits: { ...unusualFrom, ...officeHours },
    files: { xlsx: `/audit/offices/${code}/numbers.xlsx?${query}`, csv: `/audit/offices/${code}/numbers.csv?${query}` },
    find: findModel(request),
  };
};

const exporting = (app: FastifyInstance, services: Services): void => {
  for (const format of sheetFormats) {
    app.get(`/audit/offices/:code/numbers.${format}`, async (request, reply) => {
      const { code, month } = asked(services, request);
      const found = auditFound(request, await services.audit.numbers(staffOf(request), code, month, true));
      const columns = [
        { title: request.text('offices.column'), width: 42 },
        ...counted.map((name) => ({ title: request.text(`audit.counts.${name}`), width: 14 })),
      ];
      const rows = found.lines.map((one) => [nameIn(request, one), ...counted.map((name) => one.counts[name])]);
      return sendSheet(reply, `audit-${code}-${month}`, format, { sheet: request.text('audit.sheet'), columns, rows });
    });
  }
};

const recordForm = z.object({ kind: z.enum(subjectKinds), id: z.string().trim().max(100) });

/** Goes on to the trail of what was typed; where that is nothing, or more than one, back to the form with what was typed. */
const openRecord = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const typed = recordForm.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  const found = await services.audit.find(staffOf(request), typed.data);
  if (found.outcome === 'forbidden') throw new Problem('forbidden');
  if (found.outcome !== 'found') return showForm(services, request, reply, { status: missed[found.outcome] });
  const { kind, id } = found.record;
  return reply.redirect(`/audit/records/${kind}/${encodeURIComponent(id)}`, 303);
};

const missed = { absent: 404, several: 409 } as const;

const missedText = (request: FastifyRequest): string | undefined => {
  const status = request.parked?.at.status;
  if (status === missed.several) return request.text('audit.severalRecords');
  return status === missed.absent ? request.text('audit.noSuchRecord') : undefined;
};

/** What was typed to find a record that there is none of, or that was not sent. */
const findModel = (request: FastifyRequest) => ({
  id: request.parked?.body['id'],
  kinds: subjectKinds.map((kind) => ({ kind, selected: kind === request.parked?.body['kind'] })),
  error: missedText(request),
});

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) =>
  reply.page('management/audit', await model(services, request), request.parked?.at.status);

/** `/audit`: how often people's data were looked at, by office and month, and what is worth a look (S6). */
export const auditOverviewRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/audit/offices/:code';
  app.get('/audit', (request, reply) => page(services, request, reply));
  app.get(url, (request, reply) => page(services, request, reply));
  app.post('/audit/records', { config: { formAt: '/audit' } }, (request, reply) =>
    openRecord(services, request, reply),
  );
  exporting(app, services);
};
