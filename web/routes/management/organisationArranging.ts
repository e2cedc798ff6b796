import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Office } from '#application/offices.ts';
import type { OrganisationAct, OrganisationOutcome } from '#application/organisationCommands.ts';
import type { OrganisationView } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import { listText } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { actIn, codeOf, formIn, pageOf, refusalModel, refusalOf, viewToChange } from './organisationModel.ts';
import { basisOf, showForm } from './parkedForms.ts';
import { officeName, placeName } from './shown.ts';

type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };

/** The two ways to arrange an organisation by another one: what can be chosen, what is shown before, and what is done. */
type Arranging = {
  kind: 'move' | 'merge';
  possible: (turn: Turn, office: Office, text: string) => readonly Office[];
  perform: (services: Services, code: string, act: OrganisationAct, other: string) => Promise<OrganisationOutcome>;
  /** Where it is shown to be done. */
  to: (code: string, other: string) => string;
};

const moving: Arranging = {
  kind: 'move',
  possible: ({ services, request }, office, text) =>
    services.organisations.possibleParents(staffOf(request), office, text),
  perform: (services, code, act, other) => services.organisations.move(code, act, other),
  to: (code) => `${pageOf({ code })}?done=moved`,
};

const merging: Arranging = {
  kind: 'merge',
  possible: ({ services, request }, office, text) =>
    services.organisations.possibleSuccessors(staffOf(request), office, text),
  perform: (services, code, act, other) => services.organisations.merge(code, act, other),
  to: (_, other) => `${pageOf({ code: other })}?done=merged`,
};

const textsOf = ({ services, request }: Turn, { kind }: Arranging, view: OrganisationView, other = '') => {
  const fill = {
    office: view.office.name,
    parent: officeName(services, view.office.parent),
    other: other === '' ? '' : officeName(services, other),
  };
  const text = (key: string) => request.text(`organisations.${kind}.${key}`, fill);
  return { title: text(other === '' ? 'title' : 'checkTitle'), lead: text(other === '' ? 'lead' : 'checkLead') };
};

const formModel = (turn: Turn, arranging: Arranging, view: OrganisationView, other?: string) => ({
  ...textsOf(turn, arranging, view, other),
  kind: arranging.kind,
  back: { name: view.office.name, href: pageOf(view.office) },
  action: `${pageOf(view.office)}/${arranging.kind}`,
  revision: basisOf(turn.request, view.row.revision),
});

const choose = async (turn: Turn, arranging: Arranging): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { parked } = request;
  const asked = parked === undefined ? { find: '', other: '' } : formIn(parked.body);
  const view = await viewToChange(services, request, 'relocate');
  const offered = arranging.possible(turn, view.office, asked.find);
  const chosen = offered.some(({ code }) => code === asked.other) ? undefined : services.deps.offices.find(asked.other);
  const all = [...(chosen === undefined ? [] : [chosen]), ...offered].map(({ code, name, parent }) => ({
    code,
    name,
    place: officeName(services, parent),
    checked: code === asked.other,
  }));
  const model = {
    ...formModel(turn, arranging, view),
    ...refusalModel(request, parked?.at),
    commandId: services.deps.ids(),
    find: asked.find,
    offices: all,
    nothing: all.length === 0,
  };
  return reply.page('management/organisationChoose', model, parked?.at.status ?? 200);
};

/** What will go along, before it does. */
const check = async (turn: Turn, arranging: Arranging): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const edit = request.url.replace('/check', '');
  if (request.parked === undefined) return reply.redirect(edit, 303);
  const { find, other, commandId } = formIn(request.parked.body);
  const view = await viewToChange(services, request, 'relocate');
  const preview = await services.organisations.mergerPreview(staffOf(request), view.office.code);
  if (preview === undefined) throw new Problem('forbidden');
  const { open, people, below, places } = preview;
  const names = places.map((division) => placeName(services, division) || division);
  return reply.page('management/organisationCheck', {
    ...formModel(turn, arranging, view, other),
    find,
    other,
    commandId,
    edit,
    merging: arranging.kind === 'merge',
    open,
    people,
    below,
    places: listText(request.locale, names),
    otherName: officeName(services, other),
  });
};

const arrange = async (turn: Turn, arranging: Arranging): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { act, step, other } = actIn(request);
  if (step === 'find') return showForm(services, request, reply);
  if (services.deps.offices.find(other) === undefined) {
    return showForm(services, request, reply, { status: 400, faults: [{ field: 'other', code: 'noChoice' }] });
  }
  if (step !== 'confirm') return showForm(services, request, reply, { status: 200 }, `${request.url}/check`);
  const code = codeOf(request);
  const refused = refusalOf(await arranging.perform(services, code, act, other));
  return refused === undefined
    ? reply.redirect(arranging.to(code, other), 303)
    : showForm(services, request, reply, refused);
};

/** Moving an organisation under another, and merging it into another, each checked before it is done (O1). */
export const organisationArrangingRoutes = (app: FastifyInstance, services: Services): void => {
  const delicate = { config: { delicate: true } } as const;
  for (const arranging of [moving, merging]) {
    const url = `/organisations/:code/${arranging.kind}`;
    app.get(url, delicate, (request, reply) => choose({ services, request, reply }, arranging));
    app.get(`${url}/check`, delicate, (request, reply) => check({ services, request, reply }, arranging));
    app.post(url, delicate, (request, reply) => arrange({ services, request, reply }, arranging));
  }
};
