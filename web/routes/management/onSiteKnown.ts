import type { FastifyRequest } from 'fastify';
import type { Staff } from '#application/actor.ts';
import { entersFor } from '#application/authorise.ts';
import type { Services } from '#application/services.ts';
import type { LookUp } from '#application/verification.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { dayText } from '../../times.ts';
import { staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { officeName } from './shown.ts';
import { untyped } from './typed.ts';
import { verificationModel } from './verificationModel.ts';

/** Whether what staff enter goes on to the township above them. */
export const isCommittee = ({ deps }: Services, staff: Staff): boolean =>
  entersFor(staff, deps.offices) !== deps.offices.current(staff.office);

const populationModel = (services: Services, request: FastifyRequest, lookUp: LookUp | undefined) => {
  if (lookUp === undefined) return undefined;
  const model = verificationModel(readerOf(services, request), lookUp, untyped, {});
  const { kind } = model;
  return { ...model, unknown: kind === 'absent', out: kind === 'unreachable' };
};

/** Asks the population system once for a couple that can be asked for: what it answered is at hand from then on. */
export const askPopulation = async (
  services: Services,
  request: FastifyRequest,
  id: string,
  data: Partial<RegistrationData>,
): Promise<void> => {
  const staff = staffOf(request);
  if (data.wifeHousehold === undefined || data.husbandHousehold === undefined) return;
  const looked = await services.onSite.look(staff, id, data);
  if (looked.outcome !== 'looked' || looked.lookUp !== undefined) return;
  await limitByAccount(services, limits.inquiries, staff.account);
  await services.onSite.look(staff, id, data, { ask: true });
};

/** What the platform and the population system know of the couple so far. */
export const knownModel = async (
  services: Services,
  request: FastifyRequest,
  id: string,
  data: Partial<RegistrationData>,
) => {
  const looked = await services.onSite.look(staffOf(request), id, data);
  if (looked.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${looked.reason}`) });
  }
  if (looked.outcome === 'entered') throw new Problem('untimely');
  const { duplicate, ended, lookUp } = looked;
  return {
    duplicate: duplicate && {
      text: request.text('onSite.duplicateText', {
        office: officeName(services, duplicate.office),
        day: dayText(request.locale, duplicate.submittedOn),
      }),
      phone: services.deps.offices.find(duplicate.office)?.phone,
    },
    ended: ended.map((row) => ({
      href: `/on-site/new?from=${row.id}&entry=${id}`,
      text: request.text('onSite.endedText', {
        status: request.text(`statuses.${row.status}`),
        office: officeName(services, row.office),
      }),
      day: dayText(request.locale, row.submittedOn),
    })),
    population: populationModel(services, request, lookUp),
  };
};
