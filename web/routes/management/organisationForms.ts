import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OrganisationView } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import { isCodeOf, organisationName, recordSchema } from '#domain/organisation/rules.ts';
import {
  actIn,
  codeOf,
  kindText,
  pageOf,
  refusalModel,
  refusalOf,
  textField,
  viewToChange,
} from './organisationModel.ts';
import { basisOf, showForm } from './parkedForms.ts';
import type { Refused } from './refused.ts';

type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };
type Typed = Readonly<Record<string, unknown>>;

const recordFields = ['phone', 'address', 'head', 'contact', 'mobile'] as const;
const textIn = (typed: Typed, name: string): string => (typeof typed[name] === 'string' ? String(typed[name]) : '');

/** What every form of an organisation shows. */
const formModel = ({ services, request }: Turn, view: OrganisationView, form: string) => ({
  title: request.text(`organisations.${form}.title`, { office: view.office.name }),
  back: { name: view.office.name, href: pageOf(view.office) },
  action: `${pageOf(view.office)}/${form === 'recordForm' ? 'record' : form}`,
  form,
  commandId: services.deps.ids(),
  revision: basisOf(request, view.row.revision),
  ...refusalModel(request, request.parked?.at),
});

/** Done: to the page that shows it; refused: the form again with what was typed. */
const answered = ({ services, request, reply }: Turn, refused: Refused | undefined, to: string) =>
  refused === undefined ? reply.redirect(to, 303) : showForm(services, request, reply, refused);

/** A name that another bears stands once it was asked about: the form then sends it a second time, as `sameName`. */
const isConfirmed = (typed: Typed): boolean =>
  textIn(typed, 'sameName') !== '' && textIn(typed, 'sameName') === organisationName(textIn(typed, 'name'));

/** The fault of a name that another under the same organisation bears already, until that is confirmed. */
const namesakeFault = ({ services }: Turn, typed: Typed, parent: string, own?: string): Refused | undefined => {
  const other = isConfirmed(typed) ? undefined : services.organisations.namesake(parent, textIn(typed, 'name'), own);
  const fault = other && { field: 'name', code: 'sameName', fill: { name: other.name, code: other.code } };
  return fault && { status: 400, faults: [fault] };
};

/** What a form asks of a name that another bears; nothing where none does. */
const sameNameModel = ({ parked }: FastifyRequest) => {
  const typed = parked?.body ?? {};
  const confirmed = isConfirmed(typed);
  const asks = confirmed || parked?.at.faults?.some(({ code }) => code === 'sameName');
  return parked !== undefined && asks
    ? { sameName: { name: organisationName(textIn(typed, 'name')), confirmed } }
    : undefined;
};

const recordForm = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const view = await viewToChange(services, request, 'complete');
  const model = formModel(turn, view, 'recordForm');
  const { phone, address } = view.office;
  const values: Typed = request.parked?.body ?? { phone, address, ...view.contacts };
  const fields = recordFields.map((name) =>
    textField(name, {
      label: request.text(`organisations.${name}`),
      value: textIn(values, name),
      error: model.errorAt[name],
      optional: name === 'mobile',
    }),
  );
  return reply.page('management/organisationForm', { ...model, fields }, request.parked?.at.status);
};

const completeRecord = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request } = turn;
  const { act, ...typed } = actIn(request);
  const parsed = recordSchema.safeParse(typed);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ field: String(path[0]), code: message }));
    return answered(turn, { status: 400, faults }, '');
  }
  const code = codeOf(request);
  const outcome = await services.organisations.completeRecord(code, act, parsed.data);
  return answered(turn, refusalOf(outcome), `${pageOf({ code })}?done=recorded`);
};

const renameForm = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const view = await viewToChange(services, request, 'arrange');
  const model = formModel(turn, view, 'rename');
  const label = request.text('organisations.rename.name');
  const value = textIn(request.parked?.body ?? view.office, 'name');
  const fields = [textField('name', { label, value, error: model.errorAt['name'] })];
  const asked = sameNameModel(request);
  return reply.page('management/organisationForm', { ...model, ...asked, fields }, request.parked?.at.status);
};

const rename = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request } = turn;
  const { act, ...typed } = actIn(request);
  const code = codeOf(request);
  const { office } = await viewToChange(services, request, 'arrange');
  const namesake = namesakeFault(turn, typed, office.parent, code);
  if (namesake !== undefined) return answered(turn, namesake, '');
  const outcome = await services.organisations.rename(code, act, textIn(typed, 'name').slice(0, 200));
  return answered(turn, refusalOf(outcome), `${pageOf({ code })}?done=renamed`);
};

const establishForm = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const typed = request.parked?.body ?? (request.query as Typed);
  const view = await viewToChange(services, request, 'establish');
  const { kinds, free, institution } = services.organisations.possibleBelow(view.office);
  const model = formModel(turn, view, 'establish');
  const chosen = textIn(typed, 'kind');
  const hint = request.text('organisations.establish.codeHint', { example: institution });
  const field = (name: 'code' | 'name', more: { hint: string; list?: string }) =>
    textField(name, {
      label: request.text(`organisations.establish.${name}`),
      value: textIn(typed, name),
      error: model.errorAt[name],
      ...more,
    });
  return reply.page(
    'management/organisationEstablish',
    {
      ...model,
      ...sameNameModel(request),
      kinds: kinds.map((one) => {
        const value = `${one.kind}.${one.level}`;
        return { value, text: kindText(request, one), checked: value === chosen || kinds.length === 1 };
      }),
      fields: [
        field('code', { hint, list: 'free-codes' }),
        field('name', { hint: request.text('organisations.establish.nameHint') }),
      ],
      chosen: textIn(typed, 'code') !== '',
      free: free.map(({ code, name }) => {
        const kind = kinds.find((one) => isCodeOf(one, code));
        const asked = new URLSearchParams({ code, name, kind: kind === undefined ? '' : `${kind.kind}.${kind.level}` });
        return { code, name, href: `${model.action}?${asked}` };
      }),
    },
    request.parked?.at.status,
  );
};

const establish = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request } = turn;
  const { act, ...typed } = actIn(request);
  const parent = codeOf(request);
  const view = await viewToChange(services, request, 'establish');
  const { kinds } = services.organisations.possibleBelow(view.office);
  const kind = kinds.find((one) => `${one.kind}.${one.level}` === textIn(typed, 'kind'));
  if (kind === undefined) return answered(turn, { status: 400, faults: [{ field: 'kind', code: 'noKind' }] }, '');
  const [code, name] = [textIn(typed, 'code').trim().toUpperCase().slice(0, 24), textIn(typed, 'name').slice(0, 200)];
  const namesake = namesakeFault(turn, typed, parent, code);
  if (namesake !== undefined) return answered(turn, namesake, '');
  const { basedOn: _, ...asked } = act;
  const outcome = await services.organisations.establish(asked, { code, name, parent, ...kind });
  const to = `${pageOf({ code: parent })}?${new URLSearchParams({ done: 'established', of: code })}`;
  return answered(turn, refusalOf(outcome), to);
};

/** Completing a record, renaming, and establishing an organisation below (O1, O2). */
export const organisationFormRoutes = (app: FastifyInstance, services: Services): void => {
  const turn = (request: FastifyRequest, reply: FastifyReply): Turn => ({ services, request, reply });
  app.get('/organisations/:code/record', (request, reply) => recordForm(turn(request, reply)));
  app.post('/organisations/:code/record', (request, reply) => completeRecord(turn(request, reply)));
  app.get('/organisations/:code/rename', (request, reply) => renameForm(turn(request, reply)));
  app.post('/organisations/:code/rename', (request, reply) => rename(turn(request, reply)));
  app.get('/organisations/:code/establish', (request, reply) => establishForm(turn(request, reply)));
  app.post('/organisations/:code/establish', (request, reply) => establish(turn(request, reply)));
};
