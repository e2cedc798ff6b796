import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import { type OrdinaryState, ordinaryDecider } from '#domain/certificate/ordinary.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { normaliseQueryCode } from '#domain/registration/queryCode.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { SearchRow } from '#projections/search.ts';
import { type AccessRecords, applicantFrom } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import type { Origin } from './actor.ts';
import { shownBirths } from './annotatedBirths.ts';
import { nameKey } from './declare.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import type { Office } from './offices.ts';
import { openData, openOutcomeText, openReason, registrationRow } from './opened.ts';
import { revocationNotice } from './revocationNotice.ts';

/** How long opening a registration by query code takes, right or wrong, in ms (R4). */
export const openingTime = 250;

/** A registration as its couple sees it. */
export type ApplicantView = {
  row: RegistrationRow;
  data: RegistrationData;
  office: Office | undefined;
  /** What the office wrote with a rejection or a decline. */
  text: string | undefined;
  /** When it was passed on to which office, and what for, the first first (R10). */
  passedOn: readonly {
    at: string;
    office: Office | undefined;
    because: 'merged' | undefined;
    reason: string | undefined;
  }[];
  /** What was corrected after the registration and why, the first first (R10). */
  corrections: readonly { at: string; changed: readonly string[]; reason: string | undefined }[];
  /** The birth that an institution annotated, as their certificate shows it (M2). */
  births: CertificateContent['births'];
  /** The printed certificate that it was given, and those that no longer hold. */
  ordinary: OrdinaryState;
  canAmend: boolean;
  canWithdraw: boolean;
  /** The data may be taken over into a new registration. */
  canResubmit: boolean;
};

const passedOn = (deps: Deps, { id, passedOn = [] }: RegistrationRow): Promise<ApplicantView['passedOn']> =>
  Promise.all(
    passedOn.map(async ({ at, office, because, personal }) => {
      const reason = await openReason(deps, id, personal);
      return { at, office: deps.offices.find(office), because, reason };
    }),
  );

const corrections = (deps: Deps, { id, corrections = [] }: RegistrationRow): Promise<ApplicantView['corrections']> =>
  Promise.all(
    corrections.map(async ({ at, changed, personal }) => {
      return { at, changed, reason: await openReason(deps, id, personal) };
    }),
  );

const find = async (deps: Deps, code: string, name: string): Promise<string | undefined> => {
  const normalised = normaliseQueryCode(code) ?? '';
  const [found] = await deps.viewStore.get('queryCode', [deps.sealing.lookupKey('queryCode', normalised)]);
  const id = String(found?.['registrationId'] ?? 'absent');
  const [keys] = (await deps.viewStore.get('search', [id])) as readonly (SearchRow | undefined)[];
  const key = nameKey(deps.sealing, name);
  return keys !== undefined && (keys.wifeName === key || keys.husbandName === key) ? id : undefined;
};

/** What applicants may see (R3, R4); that it was opened is recorded once, not each page of the visit (S6). */
export const applicantQueries = (deps: Deps, access: AccessRecords) => ({
  /** The registration that a query code opens with one spouse's name; wrong and absent take the same time. */
  open: async (code: string, name: string, from?: Origin): Promise<string | undefined> => {
    const opened = async () => {
      const id = await find(deps, code, name);
      const row = id === undefined ? undefined : await registrationRow(deps, id);
      if (row === undefined) return undefined;
      return access.shown(applicantFrom(from), { subject: registrationSubject(row), what: 'opened' }, () => id);
    };
    const [id] = await Promise.all([opened(), deps.wait(openingTime)]);
    return id;
  },

  /** The notice of its revocation as PDF (R10). */
  revocationNotice: (id: string, from?: Origin) => revocationNotice(deps, access, id, applicantFrom(from)),

  /** State, reasons and data of one registration that was opened; undefined where there is none or its data were erased. */
  view: async (id: string): Promise<ApplicantView | undefined> => {
    const row = await registrationRow(deps, id);
    const data = row && (await openData(deps, row));
    if (row === undefined || data === undefined) return undefined;
    const early = row.status === 'submitted' || row.status === 'received';
    return {
      row,
      data,
      office: deps.offices.find(row.office),
      text: await openOutcomeText(deps, row),
      passedOn: await passedOn(deps, row),
      corrections: await corrections(deps, row),
      births: await shownBirths(deps, row),
      ordinary: (await load(deps, ordinaryDecider, id)).state,
      canAmend: early,
      canWithdraw: early,
      canResubmit: ['rejected', 'declined', 'withdrawn', 'revoked'].includes(row.status),
    };
  },
});
