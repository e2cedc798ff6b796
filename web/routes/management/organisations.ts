import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Office } from '#application/offices.ts';
import type { Completeness, OrganisationView } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import { dayText } from '../../times.ts';
import { staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { historyOf } from './historyModel.ts';
import { found, kindText, pageOf, viewFor } from './organisationModel.ts';
import { officeName } from './shown.ts';

const doneKinds = ['established', 'recorded', 'renamed', 'moved', 'merged'] as const;

const shanghaiDay = (moment: string): string => new Date(Date.parse(moment) + 8 * 3_600_000).toISOString().slice(0, 10);

/** An organisation as lists show it. */
const lineOf = (request: FastifyRequest, office: Office) => ({
  href: pageOf(office),
  code: office.code,
  name: office.name,
  kind: kindText(request, office),
  complete: office.complete,
});

const belowOf = (request: FastifyRequest, { office, total, incomplete }: Completeness) => ({
  ...lineOf(request, office),
  total,
  incomplete,
});

/** What it was called before, each name until the next one came. */
const formerNames = (request: FastifyRequest, { names }: OrganisationView['row']) =>
  names.slice(0, -1).map(({ name }, n) => {
    const until = dayText(request.locale, shanghaiDay(names[n + 1]?.from ?? ''));
    return request.text('organisations.formerName', { name, until });
  });

/** Only what lies within the reader's own subtree leads on. */
const pathModel = (services: Services, request: FastifyRequest, path: readonly Office[]) => {
  const own = services.deps.offices.current(staffOf(request).office);
  return path.map((office) => ({
    name: office.name,
    href: services.deps.offices.isWithin(office.code, own) ? pageOf(office) : undefined,
  }));
};

const doneText = (services: Services, request: FastifyRequest) => {
  const { done, of } = request.query as { done?: unknown; of?: unknown };
  const kind = doneKinds.find((one) => one === done);
  const office = typeof of === 'string' ? officeName(services, of) : '';
  return kind && request.text(`organisations.done.${kind}`, { office });
};

/** What comes after establishing one: its admin, who then completes its record (O2, O3). */
const nextStep = (services: Services, request: FastifyRequest) => {
  const { done, of } = request.query as { done?: unknown; of?: unknown };
  const openings = done === 'established' ? services.accounts.openings(staffOf(request)) : [];
  const opening = openings.find(({ office, role }) => office === of && role === 'admin');
  if (opening === undefined) return undefined;
  const where = new URLSearchParams({ where: `admin.${opening.office}` });
  return { href: `/people/new?${where}`, office: officeName(services, opening.office) };
};

const goneModel = (services: Services, request: FastifyRequest, { office, row }: OrganisationView) => {
  if (office.successor === undefined) return undefined;
  const at = dayText(request.locale, shanghaiDay(row.mergedAt ?? ''));
  return { office: officeName(services, office.successor), href: pageOf({ code: office.successor }), at };
};

const recordModel = (request: FastifyRequest, { office, row, contacts, completedBy }: OrganisationView) => {
  const name = completedBy ?? row.completedBy;
  const fill = { moment: row.completedAt && dayText(request.locale, shanghaiDay(row.completedAt)), name };
  return {
    ...office,
    ...contacts,
    shown: contacts !== undefined,
    completedText: row.completedAt && request.text(`organisations.${name ? 'completedBy' : 'completedAt'}`, fill),
  };
};

/** Other pages about it, where they are for whoever is signed in. */
const linksOf = (services: Services, request: FastifyRequest, { code }: Office) => {
  const staff = staffOf(request);
  return {
    people: services.accounts.maySee(staff, code) ? `/people?${new URLSearchParams({ office: code })}` : undefined,
    numbers: services.staff.mayList(staff, code) ? `/offices/${code}` : undefined,
    trail: services.audit.mayReadTrail(staff, code) ? `/audit/records/organisation/${code}` : undefined,
  };
};

const organisationModel = async (services: Services, request: FastifyRequest) => {
  const view = await viewFor(services, request);
  const { office, row, path, below, merged, may } = view;
  const incomplete = below.reduce((sum, one) => sum + one.incomplete, 0);
  return {
    title: office.name,
    code: office.code,
    kind: kindText(request, office),
    url: pageOf(office),
    active: office.status === 'active',
    done: doneText(services, request),
    next: nextStep(services, request),
    above: pathModel(services, request, path),
    formerNames: formerNames(request, row),
    record: recordModel(request, view),
    gone: goneModel(services, request, view),
    merged: merged.map((one) => ({
      ...lineOf(request, one),
      work: linksOf(services, request, one).numbers && `/offices/${one.code}/inbox`,
    })),
    links: linksOf(services, request, office),
    below: below.map((one) => belowOf(request, one)),
    incomplete,
    may,
  };
};

const search = (services: Services, request: FastifyRequest, reply: FastifyReply, text: string) => {
  const all = services.organisations.find(staffOf(request), text);
  return reply.page('management/organisationsFound', {
    title: request.text('organisations.found'),
    find: text,
    lines: all.map((office) => ({ ...lineOf(request, office), parent: officeName(services, office.parent) })),
  });
};

const history = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { code } = request.params as { code: string };
  const { office, events } = found(await services.organisations.history(staffOf(request), code));
  return reply.page('management/organisationHistory', {
    title: request.text('organisations.historyTitle', { office: office.name }),
    back: { name: office.name, href: pageOf(office) },
    entries: await historyOf(services, request, readerOf(services, request), events),
  });
};

/** The tree of organisations, one page each, with its record and its history (O1, O2, S6). */
export const organisationRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/organisations', (request, reply) => {
    const { find } = request.query as { find?: unknown };
    const text = typeof find === 'string' ? find.trim().slice(0, 60) : '';
    if (text !== '') return search(services, request, reply, text);
    return reply.redirect(pageOf({ code: services.deps.offices.current(staffOf(request).office) }), 303);
  });
  app.get('/organisations/:code', async (request, reply) =>
    reply.page('management/organisation', await organisationModel(services, request)),
  );
  app.get('/organisations/:code/history', (request, reply) => history(services, request, reply));
};
