import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { type InboxLine, type InboxPage, inboxStatuses } from '#application/staffQueries.ts';
import { Problem } from '../../problems.ts';
import { hasBelow, hasWorkbench, mayEnterOnSite, mayRead, seesStock, staffOf } from './access.ts';
import { type Asked, addressOf, askedOf, filterOf, isNarrowed, pageNumber, parities } from './inboxFilter.ts';
import { dueBadge, officeName, parityText, placeName } from './shown.ts';

const isOpenTab = (tab: Asked['tab']) => tab === 'submitted' || tab === 'received' || tab === 'accepted';

const lineOf = (services: Services, request: FastifyRequest, { row, ...line }: InboxLine) => ({
  id: row.id,
  couple: line.erased ? request.text('workbench.erased') : `${line.wife} / ${line.husband}`,
  parity: parityText(request, row.parity),
  place: placeName(services, line.place),
  submittedAt: row.submittedAt,
  due: dueBadge(request.locale, line.due),
  dueOn: row.dueOn,
  status: row.status,
  handler: line.handlerName,
  mine: row.handler === request.staff?.account,
  flags: row.flags,
  onSite: row.enteredAt !== undefined,
});

const tabsOf = (path: string, asked: Asked, { counters }: InboxPage) =>
  inboxStatuses.map((status) => ({
    status,
    count: counters?.[status] ?? 0,
    current: status === asked.tab,
    href: addressOf(path, { tab: status }),
  }));

const choice = (selected: string | undefined, values: readonly string[]) =>
  values.map((value) => ({ value, selected: value === selected }));

const parityChoices = (request: FastifyRequest, selected: number | undefined) =>
  parities.map((value) => ({ value, text: parityText(request, value), selected: value === selected }));

const filtersOf = (request: FastifyRequest, path: string, asked: Asked) => ({
  tab: asked.tab,
  due: isOpenTab(asked.tab) ? choice(asked.due, ['overdue', 'today', 'later']) : undefined,
  handler: choice(asked.handler, ['mine', 'nobody']),
  parity: parityChoices(request, asked.parity),
  flagged: asked.flagged,
  narrowed: isNarrowed(asked),
  clear: addressOf(path, { tab: asked.tab }),
});

const pagerOf = (path: string, asked: Asked, next: string | undefined) => ({
  page: pageNumber(asked),
  back: asked.trail.length === 0 ? undefined : addressOf(path, { ...asked, trail: asked.trail.slice(0, -1) }),
  next: next === undefined ? undefined : addressOf(path, { ...asked, trail: [...asked.trail, next] }),
});

/** Why an office's list is there to read alone: it is one's own without a workbench, merged into one's own, or below it. */
const readOnlyAs = ({ deps }: Services, request: FastifyRequest, office: string) => {
  const own = staffOf(request).office;
  if (office === own) return 'readOnlyOwn';
  return deps.offices.current(office) === own ? 'readOnlyMerged' : 'readOnly';
};

/** The workbench of one office as its page shows it. */
const inboxModel = async (services: Services, request: FastifyRequest, office: string, path: string) => {
  const staff = staffOf(request);
  const asked = askedOf(request.query as Record<string, unknown>);
  const page = await services.staff.inbox(staff, filterOf(asked, staff.account), office);
  const own = office === staff.office && hasWorkbench(services, staff);
  return {
    title: own ? request.text('workbench.title') : officeName(services, office),
    own,
    readOnly: own ? undefined : request.text(`workbench.${readOnlyAs(services, request, office)}`),
    merged: services.deps.offices
      .mergedInto(office)
      .map(({ code, name }) => ({ name, href: `/offices/${code}/inbox?tab=registered` })),
    corrections: own ? (await services.staff.waitingCorrections(staff)).length : 0,
    passedOn: own && (request.query as { done?: unknown }).done === 'passedOn',
    parent: own ? undefined : services.deps.offices.find(office)?.parent,
    openTab: isOpenTab(asked.tab),
    tab: asked.tab,
    tabs: tabsOf(path, asked, page),
    overdue: page.overdue,
    overdueHref: addressOf(path, { tab: asked.tab, due: 'overdue' }),
    filters: filtersOf(request, path, asked),
    formPath: path,
    lines: page.lines.map((line) => lineOf(services, request, line)),
    pager: pagerOf(path, asked, page.next),
    counts: JSON.stringify(page.counters ?? {}),
    events: `/inbox/events?${new URLSearchParams({ office })}`,
  };
};

/** For who has no registrations to work on or to read: what they can do here. */
const nothingToDo = ({ deps }: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { name } = staffOf(request);
  return reply.page('management/nothing', {
    title: request.text('workbench.nothing.title', { name }),
    verifyUrl: `${deps.publicUrl}/verify`,
  });
};

/** The workbench of one's own office, and those of the offices below to read. */
export const inboxRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/', async (request, reply) => {
    const staff = staffOf(request);
    if (hasWorkbench(services, staff)) {
      return reply.page('management/inbox', await inboxModel(services, request, staff.office, '/'));
    }
    if (mayRead(services, staff) && hasBelow(services, staff)) return reply.redirect('/offices', 303);
    if (services.institutions.mayCheck(staff)) return reply.redirect('/institution', 303);
    // A committee decides nothing: its work is to enter.
    if (mayEnterOnSite(services, staff)) return reply.redirect('/on-site', 303);
    if (staff.role === 'operator' && seesStock(services, staff)) return reply.redirect('/stock', 303);
    // Who sets up a level begins with its organisation.
    return staff.role === 'admin' ? reply.redirect('/organisations', 303) : nothingToDo(services, request, reply);
  });

  app.get('/offices/:code/inbox', async (request, reply) => {
    const { code } = request.params as { code: string };
    if (services.deps.offices.find(code) === undefined) throw new Problem('absent');
    if (!services.staff.mayList(staffOf(request), code)) throw new Problem('forbidden');
    return reply.page('management/inbox', await inboxModel(services, request, code, `/offices/${code}/inbox`));
  });
};
