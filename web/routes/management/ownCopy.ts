import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { StaffCopy, StaffStep } from '#application/staffCopy.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { dayText } from '../../times.ts';
import { staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { authorisationText, found, roleText } from './peopleModel.ts';
import { factsOfPerson } from './person.ts';
import { recordFacts } from './recordFacts.ts';

const copyOf = async (services: Services, request: FastifyRequest): Promise<StaffCopy> => {
  const staff = staffOf(request);
  return found(await services.accounts.copy(staff, staff.account)).copy;
};

const byText = (request: FastifyRequest, { by }: StaffStep): string =>
  by.kind === 'office' ? by.name : request.text(`people.copy.by.${by.kind}`);

/** What a step says: who they were told to be, why it was ended, and what else stands in it. */
const factsIn = (services: Services, request: FastifyRequest, { what, at, facts }: StaffStep) => {
  const { personal = {} } = facts as { personal?: Partial<AccountDetails> & { reason?: string; label?: string } };
  const told = recordFacts(services, readerOf(services, request), { type: what, data: facts, meta: { at } });
  const { reason, label } = personal;
  return [
    ...told.facts,
    ...factsOfPerson(request, { details: { name: '', idNumber: '', mobile: '', ...personal } }),
    ...(reason === undefined ? [] : [{ label: request.text('people.reason'), value: reason }]),
    ...(label === undefined ? [] : [{ label: request.text('people.copy.device'), value: label }]),
  ];
};

const meansIn = (request: FastifyRequest, { signsInWith }: StaffCopy): readonly string[] => {
  const { password, app, recoveryCodesLeft, passkeys } = signsInWith;
  return [
    request.text(`people.copy.password.${password}`),
    ...(app ? [request.text('people.copy.app', { count: recoveryCodesLeft })] : []),
    ...passkeys.map((label) => request.text('people.copy.passkey', { label })),
  ];
};

const grantsIn = (request: FastifyRequest, { authorisations }: StaffCopy) =>
  authorisations.map(({ authorisation, until, inForce }) => ({
    name: authorisationText(request, authorisation),
    until:
      until === undefined
        ? request.text('people.person.open')
        : request.text(`people.person.${inForce ? 'until' : 'expired'}`, { day: dayText(request.locale, until) }),
  }));

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const copy = await copyOf(services, request);
  const { account, signIns, looks } = copy;
  return reply.page('management/ownCopy', {
    title: request.text('people.copy.title'),
    copy,
    role: roleText(request, account.role),
    facts: factsOfPerson(request, copy),
    kept: request.text('people.copy.keptNote', { years: account.yearsAfterClosing, clause: account.retention }),
    grants: grantsIn(request, copy),
    means: meansIn(request, copy),
    entries: copy.steps.map((step) => ({
      title: request.text(`history.events.${step.what}`),
      at: step.at,
      actor: byText(request, step),
      facts: factsIn(services, request, step),
    })),
    signIns: signIns.map(({ what, at, network, address }) => ({
      at,
      what: request.text(`history.events.${what}`),
      network: address ?? network,
    })),
    more: copy.moreSignIns ? request.text('people.copy.moreSignIns', { count: signIns.length }) : undefined,
    sessions: copy.sessions.map(({ agent, ...session }) => ({
      ...session,
      agent: agent === '' ? request.text('security.unknownAgent') : agent,
    })),
    looks: [
      request.text('people.copy.looksMade', { count: looks.made }),
      request.text('people.copy.looksAtAccount', { count: looks.atAccount }),
    ],
  });
};

const download = async (services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const copy = await copyOf(services, request);
  return reply
    .type('application/json; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('Content-Disposition', 'attachment; filename="staff-account.json"')
    .send(JSON.stringify(copy, undefined, 2));
};

/** `/me/copy`: all that is kept about whoever is signed in, to read, print and take away (PIPL art. 45). */
export const ownCopyRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/me/copy', (request, reply) => page(services, request, reply));
  app.get('/me/copy.json', (request, reply) => download(services, request, reply));
};
