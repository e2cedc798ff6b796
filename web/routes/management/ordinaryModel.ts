import type { FastifyRequest } from 'fastify';
import type { DeskView, FoundForIssue } from '#application/ordinaryFinding.ts';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { staffOf } from './access.ts';
import { errorsModel } from './caseModel.ts';
import { ordinaryStateModel } from './ordinaryShown.ts';
import { officeName, parityText } from './shown.ts';

/** What voids a certificate at a counter (C6). */
export const voidedAtCounter = ['lost', 'spoilt'] as const;

const personText = ({ name, idNumber }: FoundForIssue['wife']) => `${name} ${idNumber}`;

/** A registration as a counter anywhere sees it before it issues (C4). */
export const foundModel = (services: Services, request: FastifyRequest, found: FoundForIssue) => ({
  id: found.id,
  wife: personText(found.wife),
  husband: personText(found.husband),
  status: found.status,
  parity: parityText(request, found.parity),
  office: officeName(services, found.office),
  issued: found.issued && { ...found.issued, office: officeName(services, found.issued.office) },
});

const typedIn = (request: FastifyRequest, name: string): string => {
  const value = request.parked?.body[name];
  return typeof value === 'string' ? value : '';
};

/** The forms of the page, with what was typed before. */
const formModel = (request: FastifyRequest, lowest: string | undefined) => ({
  kinds: documentKinds.map((kind) => ({
    kind,
    text: request.text(`verification.documents.${kind}`),
    selected: (typedIn(request, 'document') || 'idCard') === kind,
  })),
  name: typedIn(request, 'name'),
  documentNumber: typedIn(request, 'documentNumber'),
  serial: typedIn(request, 'serial') || lowest,
  reasons: voidedAtCounter.map((code) => ({
    code,
    text: request.text(`ordinary.reasons.${code}`),
    checked: typedIn(request, 'reason') === code,
  })),
  note: typedIn(request, 'note'),
});

const doneKinds = ['issued', 'replaced', 'voided'] as const;

const doneOf = ({ query, text }: FastifyRequest, serial: string | undefined): string | undefined => {
  const { done } = query as { done?: unknown };
  const kind = doneKinds.find((one) => one === done);
  return kind && text(`ordinary.done.${kind}`, { serial });
};

/** The page on which one registration's ordinary certificate is issued, replaced and voided (C3–C6). */
export const deskModel = (services: Services, request: FastifyRequest, view: DeskView) => {
  const registered = view.status === 'registered';
  const state = ordinaryStateModel(services, request, { ...(view.issued && { current: view.issued }), ...view });
  const { offices: tree } = services.deps;
  const isOwn = (office: string) => tree.current(office) === tree.current(staffOf(request).office);
  const offices = view.voidingOffices.map((code) => officeName(services, code)).join(request.text('ordinary.or'));
  return {
    title: request.text('ordinary.deskTitle'),
    found: foundModel(services, request, view),
    ...state,
    handler: view.handler,
    done: doneOf(request, view.issued?.serial),
    why: registered ? (view.printed ? undefined : 'notPrinted') : 'notRegistered',
    outOfStock: view.lowest === undefined,
    mayIssue: registered && view.printed && view.issued === undefined,
    mayVoid: view.mayVoid,
    mayPrint: view.issued !== undefined && isOwn(view.issued.office),
    elsewhere: view.issued !== undefined && !view.mayVoid ? offices : undefined,
    commandId: services.deps.ids(),
    form: formModel(request, view.lowest),
    ...errorsModel(request.parked?.at.errors),
  };
};
