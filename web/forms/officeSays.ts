import { isDeepStrictEqual } from 'node:util';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { DeclineReason, RejectReason } from '#domain/registration/events.ts';
import { addressSections, type RegistrationData, type Step } from '#domain/registration/fields.ts';
import { type Locale, translate } from '../locale.ts';

/** The pages of the form that a reason is about; none where only the office's own words tell. */
const aboutRejection: Readonly<Record<RejectReason, readonly Step[]>> = {
  garbledName: ['wife', 'husband'],
  garbledIdNumber: ['wife', 'husband'],
  untrueMarriage: ['marriage'],
  wrongChildren: ['application', 'children'],
  wrongAddress: addressSections,
  other: [],
};

const aboutDecline: Readonly<Record<DeclineReason, readonly Step[]>> = {
  againstPolicy: ['application', 'children'],
  differsFromRecord: ['wife', 'husband', 'marriage', 'children'],
  notVerifiable: [],
  other: [],
};

const isDecline = ({ row }: Pick<ApplicantView, 'row'>): boolean => row.status === 'declined';

/** Why a registration was rejected, declined or revoked: the reasons chosen and what was written; undefined where it was not. */
export const officeSays = (locale: Locale, view: Pick<ApplicantView, 'row' | 'text'>) => {
  const { reasons = [] } = view.row;
  const kind = view.row.status === 'revoked' ? 'revoke' : isDecline(view) ? 'decline' : 'reject';
  if (reasons.length === 0) return undefined;
  return { reasons: reasons.map((reason) => translate(locale, `reasons.${kind}.${reason}`)), officeText: view.text };
};

/** The pages that the office found fault with, as long as they stand as they were when it did. */
export const faultedSteps = (
  view: Pick<ApplicantView, 'row' | 'data'>,
  now: Partial<RegistrationData>,
): ReadonlySet<Step> => {
  const about: Readonly<Record<string, readonly Step[]>> = isDecline(view) ? aboutDecline : aboutRejection;
  const steps = (view.row.reasons ?? []).flatMap((reason) => about[reason] ?? []);
  return new Set(steps.filter((step) => isDeepStrictEqual(now[step], view.data[step])));
};
