import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ReasonDue } from '#application/accessBasis.ts';
import type { TrailPage } from '#application/auditLines.ts';
import type { AuditRefusal } from '#application/auditQueries.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { type SheetFormat, sendSheet, sheetFormats } from '../../sheets.ts';
import { staffOf } from './access.ts';
import { type AskedTrail, askedTrail, trailAddress, trailFilterOf, trailFilters, trailPager } from './auditFilter.ts';
import { lineCells, lineColumns, shownLine } from './auditModel.ts';
import { officeName } from './shown.ts';

/** Lines of a file at most; who needs more narrows the period. */
export const mostExported = 5000;
/** Lines of a page. */
export const mostShown = 30;

/** What was found; absent and forbidden are problems. */
export const auditFound = <F extends { outcome: 'found' }>(
  request: FastifyRequest,
  read: F | AuditRefusal | ReasonDue,
): F => {
  if (read.outcome === 'absent') throw new Problem('absent', { detail: request.text('audit.noSuchRecord') });
  if (read.outcome === 'reasonDue') throw new Problem('reasonDue', { subject: read.subject });
  if (read.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`audit.forbidden.${read.reason}`) });
  }
  return read;
};

/** A page or a file of lines: whose, where it stands, and how it is asked for. */
type Trail = { title: string; path: string; people: boolean; back: { href: string; name: string } | undefined };

const show = (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { title, path, people, back }: Trail,
  page: TrailPage,
) => {
  const asked = askedTrail(request.query as Record<string, unknown>);
  const file = (format: SheetFormat) => trailAddress(`${path}.${format}`, { ...asked, trail: [] });
  return reply.page('management/auditTrail', {
    title,
    back,
    formPath: path,
    filters: trailFilters(path, asked, people),
    lines: page.lines.map((line) => shownLine(services, request, line)),
    pager: trailPager(path, asked, page.next),
    files: { xlsx: file('xlsx'), csv: file('csv') },
  });
};

/** The lines as rows of a spreadsheet; where there are more, the last row says so. */
export const linesOf = (services: Services, request: FastifyRequest, { lines, next }: TrailPage) => [
  ...lines.map((line) => lineCells(request, shownLine(services, request, line))),
  ...(next === undefined ? [] : [[request.text('audit.cut', { most: mostExported })]]),
];

const send = (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  format: SheetFormat,
  page: TrailPage,
) => {
  const rows = linesOf(services, request, page);
  return sendSheet(reply, 'audit', format, { sheet: request.text('audit.sheet'), columns: lineColumns(request), rows });
};

const filterIn = (request: FastifyRequest): AskedTrail => askedTrail(request.query as Record<string, unknown>);

const officeTrail = (app: FastifyInstance, services: Services): void => {
  const read = async (request: FastifyRequest, exported: boolean) => {
    const { code } = request.params as { code: string };
    const asking = { most: exported ? mostExported : mostShown, exported };
    const filter = trailFilterOf(filterIn(request));
    return auditFound(request, await services.audit.office(staffOf(request), code, filter, asking));
  };
  app.get('/audit/offices/:code/trail', async (request, reply) => {
    const { code } = request.params as { code: string };
    const name = officeName(services, code);
    const path = `/audit/offices/${code}/trail`;
    const trail = {
      title: request.text('audit.officeTrail', { office: name }),
      path,
      people: true,
      back: { href: `/audit/offices/${code}`, name },
    };
    return show(services, request, reply, trail, await read(request, false));
  });
  for (const format of sheetFormats) {
    app.get(`/audit/offices/:code/trail.${format}`, { config: { delicate: true } }, async (request, reply) =>
      send(services, request, reply, format, await read(request, true)),
    );
  }
};

const personTrail = (app: FastifyInstance, services: Services): void => {
  const read = async (request: FastifyRequest, exported: boolean) => {
    const { account } = request.params as { account: string };
    const asking = { most: exported ? mostExported : mostShown, exported };
    const filter = trailFilterOf({ ...filterIn(request), account: undefined });
    return auditFound(request, await services.audit.person(staffOf(request), account, filter, asking));
  };
  app.get('/audit/accounts/:account', async (request, reply) => {
    const { account } = request.params as { account: string };
    const found = await read(request, false);
    const { office = '' } = found.subject;
    const trail = {
      title: request.text('audit.personTrail', { name: found.name ?? account }),
      path: `/audit/accounts/${encodeURIComponent(account)}`,
      people: false,
      back: { href: `/audit/offices/${office}/trail`, name: officeName(services, office) },
    };
    return show(services, request, reply, trail, found);
  });
  for (const format of sheetFormats) {
    app.get(`/audit/accounts/:account.${format}`, { config: { delicate: true } }, async (request, reply) =>
      send(services, request, reply, format, await read(request, true)),
    );
  }
};

/** What the people of an office, or one of them, did and looked at: pages and files (S6). */
export const auditTrailRoutes = (app: FastifyInstance, services: Services): void => {
  officeTrail(app, services);
  personTrail(app, services);
};
