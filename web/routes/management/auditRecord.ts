import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RecordId, RecordTrail } from '#application/auditQueries.ts';
import type { Services } from '#application/services.ts';
import { subjectKinds } from '#domain/access/events.ts';
import { shortNumberOf } from '#projections/shortNumber.ts';
import { Problem } from '../../problems.ts';
import { sendSheet, sheetFormats } from '../../sheets.ts';
import { momentText } from '../../times.ts';
import { staffOf } from './access.ts';
import { askedTrail, trailFilterOf, trailPager } from './auditFilter.ts';
import { lineColumns, shownLine } from './auditModel.ts';
import { auditFound, linesOf, mostExported, mostShown } from './auditTrails.ts';
import { readerOf } from './caseModel.ts';
import { type Entry, historyOf } from './historyModel.ts';
import { officeName } from './shown.ts';

const named = z.object({
  kind: z.enum(subjectKinds),
  id: z.string().min(1).max(100),
});

const recordIn = (request: FastifyRequest): RecordId => {
  const parsed = named.safeParse(request.params);
  if (!parsed.success) throw new Problem('absent');
  return parsed.data;
};

const pathOf = ({ kind, id }: RecordId): string => `/audit/records/${kind}/${encodeURIComponent(id)}`;

const read = async (services: Services, request: FastifyRequest, exported: boolean): Promise<RecordTrail> => {
  const filter = trailFilterOf(askedTrail(request.query as Record<string, unknown>));
  const asking = { most: exported ? mostExported : mostShown, exported };
  return auditFound(request, await services.audit.record(staffOf(request), recordIn(request), filter, asking));
};

const titleOf = (request: FastifyRequest, { subject, name }: RecordTrail): string => {
  const id = name ?? (subject.kind === 'registration' ? shortNumberOf(subject.id) : subject.id);
  return request.text('audit.recordTrail', { kind: request.text(`audit.kinds.${subject.kind}`), id });
};

/** What is not shown here, and why. */
const noteOf = (request: FastifyRequest, { subject: { kind }, masked }: RecordTrail): string | undefined => {
  if (kind === 'account' || kind === 'organisation') return request.text('audit.hidden');
  return masked ? request.text('audit.masked') : undefined;
};

const linkOf = (request: FastifyRequest, linked: RecordId | undefined) =>
  linked && { href: pathOf(linked), name: request.text(`audit.linked.${linked.kind}`) };

const factsText = ({ facts, changes, erased }: Entry, request: FastifyRequest): string =>
  [
    ...facts.map(({ label, value }) => request.text('audit.fact', { label, value })),
    ...changes.map(({ label, before, after }) => request.text('audit.change', { label, before, after })),
    ...(erased ? [request.text('history.erased')] : []),
  ].join('\n');

/** All that happened, then all looks, as rows of one sheet: what happened has its facts under the reasons. */
const rowsOf = async (services: Services, request: FastifyRequest, { events, looks }: RecordTrail) => {
  const entries = await historyOf(services, request, readerOf(services, request), events);
  const happened = entries.map((entry, n) => {
    const { actor } = events[n]?.meta ?? {};
    const account = actor?.kind === 'staff' ? actor.account : '';
    const office = actor?.kind === 'staff' ? officeName(services, actor.office) : '';
    const facts = factsText(entry, request);
    return [
      momentText(request.locale, entry.at),
      entry.actor,
      account,
      office,
      entry.title,
      '',
      '',
      facts,
      '',
      entry.from,
    ];
  });
  return [...happened, ...linesOf(services, request, looks)];
};

/** One record's trail: what was done to it, before and after, and who looked at it; as a page and as a file (S6). */
export const auditRecordRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/audit/records/:kind/:id';
  app.get(url, async (request, reply) => {
    const trail = await read(services, request, false);
    const { subject, events, looks, linked } = trail;
    const path = pathOf(subject);
    const asked = askedTrail(request.query as Record<string, unknown>);
    return reply.page('management/auditRecord', {
      title: titleOf(request, trail),
      office: subject.office && officeName(services, subject.office),
      note: noteOf(request, trail),
      fromShown: true,
      linked: linkOf(request, linked),
      own: subject.kind === 'account' ? `/audit/accounts/${encodeURIComponent(subject.id)}` : undefined,
      entries: await historyOf(services, request, readerOf(services, request), events),
      lines: looks.lines.map((line) => shownLine(services, request, line)),
      pager: trailPager(path, asked, looks.next),
      files: { xlsx: `${path}/trail.xlsx`, csv: `${path}/trail.csv` },
    });
  });

  for (const format of sheetFormats) {
    app.get(`${url}/trail.${format}`, { config: { delicate: true } }, async (request, reply) => {
      const rows = await rowsOf(services, request, await read(services, request, true));
      const file = { sheet: request.text('audit.sheet'), columns: lineColumns(request), rows };
      return sendSheet(reply, 'audit', format, file);
    });
  }
};
