import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ActOfStaff } from '#application/acting.ts';
import type { Services } from '#application/services.ts';
import type { ShipmentOutcome } from '#application/stockActing.ts';
import type { DispatchOutcome } from '#application/stockCommands.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { hasText } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { rangesText } from '../../serials.ts';
import { actIn } from './organisationModel.ts';
import { basisOf, showForm } from './parkedForms.ts';
import type { Fault, Refused } from './refused.ts';
import { parityText } from './shown.ts';
import { type Differences, differencesIn, placeText, refusalModel, refusalOf } from './stockFaults.ts';
import { rangesIn } from './stockTyped.ts';

export type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };
export type Typed = Readonly<Record<string, unknown>>;

/** One field of a form; `value` is what stands in it before anything is typed. */
export type Field = {
  name: string;
  kind: 'ranges' | 'count' | 'text' | 'reason' | 'day' | 'select' | 'check' | 'hidden';
  value?: string;
  optional?: true;
  options?: readonly { value: string; text: string }[];
};

/** What a form is about: where it leads back to, whose parity it is, and what its texts name. */
export type Subject = {
  parity: PrintedParity;
  office: string;
  title: string;
  back: { name: string; href: string };
  revision: number;
};

/** One act on stock as a form: who may, what it asks, and what is done with it. */
export type StockForm<S extends Subject> = {
  name: string;
  /** Its texts are those under `stock.forms.<key>`. */
  key: string;
  delicate?: true;
  /** Only on what was seen. */
  based?: true;
  may: (turn: Turn, at: S) => boolean;
  fields: (turn: Turn, at: S, typed: Typed) => Promise<readonly Field[]> | readonly Field[];
  facts?: (turn: Turn, at: S) => Promise<readonly (readonly [label: string, value: string])[]>;
  perform: (
    turn: Turn,
    at: S,
    act: ActOfStaff,
    typed: Typed,
    confirmed: boolean,
  ) => Promise<DispatchOutcome | ShipmentOutcome | { fault: Fault }>;
  to?: (at: S, outcome: DispatchOutcome | ShipmentOutcome) => string;
};

export const textIn = (typed: Typed, name: string): string =>
  typeof typed[name] === 'string' ? String(typed[name]).trim().slice(0, 20_000) : '';
export const countIn = (typed: Typed, name = 'count'): number => {
  const text = textIn(typed, name).normalize('NFKC').replace(/[,\s]/g, '');
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
};

/** Goes on with the ranges that were typed, or with what is wrong with them. */
export const withRanges = async <T>(
  typed: Typed,
  { parity }: Subject,
  step: (ranges: Exclude<ReturnType<typeof rangesIn>, { fault: Fault }>['ranges']) => Promise<T>,
): Promise<T | { fault: Fault }> => {
  const read = rangesIn(textIn(typed, 'ranges'), parity);
  return 'fault' in read ? read : step(read.ranges);
};

const labelOf = (request: FastifyRequest, key: string, name: string, what: 'fields' | 'hints'): string | undefined => {
  const own = [`stock.${what}.${key}.${name}`, `stock.${what}.${name}`].find((one) => hasText(request.locale, one));
  return own === undefined ? undefined : request.text(own);
};

/** By what a form says which differences it showed. */
const seenAs = (differences: Differences): string =>
  createHash('sha256').update(JSON.stringify(differences)).digest('base64url');

/** Each missing serial and each that should be elsewhere, with its place. */
const differing = ({ services, request }: Turn, differences: Differences | undefined) =>
  differences && {
    seen: seenAs(differences),
    missing: differences.missing.map((range) => rangesText(request.locale, [range])),
    surplus: differences.surplus.map((one) => ({
      ranges: rangesText(request.locale, [one]),
      place: placeText(services, request, one),
    })),
  };

const show = async <S extends Subject>(turn: Turn, form: StockForm<S>, at: S): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  if (!form.may(turn, at)) throw new Problem('forbidden');
  const { parked } = request;
  const typed = parked?.body;
  const refusal = refusalModel(request, parked?.at);
  const fields = await form.fields(turn, at, typed ?? (request.query as Typed));
  const fill = { stock: at.title, office: at.office, parity: parityText(request, at.parity) };
  return reply.page(
    'management/stockForm',
    {
      ...refusal,
      title: request.text(`stock.forms.${form.key}.title`, fill),
      lead: request.text(`stock.forms.${form.key}.lead`, fill),
      confirm: request.text(`stock.forms.${form.key}.confirm`, fill),
      back: at.back,
      action: request.url.split('?')[0],
      commandId: services.deps.ids(),
      revision: basisOf(request, Math.max(0, at.revision)),
      differs: differing(turn, differencesIn(parked?.at)),
      facts: ((await form.facts?.(turn, at)) ?? []).map(([label, value]) => ({ label, value })),
      fields: fields.map((field) => {
        const value = typed === undefined ? field.value : textIn(typed, field.name);
        return {
          ...field,
          value,
          label: labelOf(request, form.key, field.name, 'fields'),
          hint: labelOf(request, form.key, field.name, 'hints'),
          error: refusal.errorAt[field.name],
          options: field.options?.map((one) => ({ ...one, selected: one.value === value })),
        };
      }),
    },
    parked?.at.status,
  );
};

const act = async <S extends Subject>(turn: Turn, form: StockForm<S>, at: S): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { act: whole, step, ...typed } = actIn(request);
  if (!form.may(turn, at)) throw new Problem('forbidden');
  const { basedOn: _, ...unbased } = whole;
  const perform = (confirmed: boolean) =>
    form.perform(turn, at, form.based && at.revision >= 0 ? whole : unbased, typed, confirmed);
  const refused = (done: Awaited<ReturnType<typeof perform>>): Refused | undefined =>
    'fault' in done ? { status: 400, faults: [done.fault] } : refusalOf(done);
  const first = await perform(false);
  // Only the differences that were shown are confirmed.
  const differences = differencesIn(refused(first));
  const same = step === 'confirm' && differences !== undefined && seenAs(differences) === textIn(typed, 'seen');
  const done = same ? await perform(true) : first;
  const why = refused(done);
  if (why !== undefined || 'fault' in done) return showForm(services, request, reply, why);
  const to = form.to?.(at, done) ?? at.back.href;
  return reply.redirect(`${to}?${new URLSearchParams({ done: form.key })}`, 303);
};

/** A page for each form, at its own address, which it is also sent to. */
export const stockFormRoutes = <S extends Subject>(
  app: FastifyInstance,
  services: Services,
  url: string,
  open: (turn: Turn) => Promise<S>,
  forms: readonly StockForm<S>[],
): void => {
  for (const form of forms) {
    const config = form.delicate ? { config: { delicate: form.delicate } } : {};
    const turned = (step: typeof show) => async (request: FastifyRequest, reply: FastifyReply) => {
      const turn = { services, request, reply };
      return step(turn, form, await open(turn));
    };
    app.get(`${url}/${form.name}`, config, turned(show));
    app.post(`${url}/${form.name}`, config, turned(act));
  }
};
