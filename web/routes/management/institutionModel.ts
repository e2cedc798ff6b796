import type { FastifyRequest } from 'fastify';
import type { FoundByCheck, ShownCheck } from '#application/institutionChecks.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { dayText, momentText } from '../../times.ts';
import { idOf, staffOf } from './access.ts';
import type { Refused } from './refused.ts';
import { officeName, officeNameAt, parityText } from './shown.ts';

export const textIn = (body: unknown, name: string, most = 2000): string => {
  const typed = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof typed === 'string' ? typed.trim().slice(0, most) : '';
};

/** What is wrong with which field, as the top of a page and the fields show it. */
export const faultsModel = (request: FastifyRequest, refused: Refused | undefined) => {
  const errors = (refused?.faults ?? []).map(({ field, code, fill }) => ({
    field,
    message: request.text(`institution.errors.${code}`, fill),
  }));
  return {
    errors: errors.length > 0 ? errors : undefined,
    errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
    problemCount: errors.length,
  };
};

/** The check that an address names; of another institution, or none, is absent. */
export const shownCheck = async (services: Services, request: FastifyRequest): Promise<ShownCheck> => {
  const shown = await services.institutions.shown(staffOf(request), idOf(request));
  if (shown.outcome === 'absent') throw new Problem('absent');
  if (shown.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${shown.reason}`) });
  }
  return shown.check;
};

export const checkPage = ({ id }: Pick<ShownCheck, 'id'>): string => `/institution/checks/${id}`;

/** Both masked names. */
export const coupleOf = ({ wife, husband }: FoundByCheck): string => `${wife?.name ?? '–'} / ${husband?.name ?? '–'}`;

/** Whether whoever is signed in works where the birth was annotated. */
export const annotatedHere = (services: Services, request: FastifyRequest, { birth }: FoundByCheck): boolean => {
  const { offices } = services.deps;
  return birth !== undefined && offices.current(birth.institution) === offices.current(staffOf(request).office);
};

/** What an institution may know of the registration: masked names, what it is of, and the birth. */
export const factsOf = (services: Services, request: FastifyRequest, found: FoundByCheck) => {
  const { birth, office, parity } = found;
  const text = (key: string, fill?: Readonly<Record<string, unknown>>) => request.text(`institution.${key}`, fill);
  const day = birth && dayText(request.locale, birth.annotatedOn);
  const by = birth && officeNameAt(services, birth.institution, `${birth.annotatedOn}T12:00:00+08:00`);
  const lines = [
    [text('couple'), coupleOf(found)],
    [text('parity'), parityText(request, parity)],
    [text('office'), officeName(services, office)],
    ...(birth ? [[text('births'), text('birthsBy', { institution: by, day, count: birth.liveBorn })]] : []),
  ];
  return lines.map(([label, value]) => ({ label, value }));
};

/** What she was told, where she was. */
export const toldModel = (services: Services, request: FastifyRequest, { id, told }: ShownCheck) =>
  told && {
    text: request.text(`institution.told.${told.how}`, { at: momentText(request.locale, told.at) }),
    office: told.office === undefined ? undefined : services.deps.offices.find(told.office),
    leaflet: told.how === 'leaflet' ? `${checkPage({ id })}/leaflet.pdf` : undefined,
  };
