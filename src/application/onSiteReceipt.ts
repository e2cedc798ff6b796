import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { AtCounter } from '#domain/registration/withdrawal.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import type { Staff } from './actor.ts';
import { type Authorised, authorise, type Forbidden } from './authorise.ts';
import { peopleOf, queryCodeOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { openData, registrationRow } from './opened.ts';

/** What a couple that lost its slip is given once more. */
export type CodeAgain =
  | { outcome: 'found'; queryCode: string; office: string; submittedAt: string }
  | { outcome: 'absent' }
  | { outcome: 'forbidden'; reason: Forbidden }
  /** No document's number, or the identity card of someone else. */
  | { outcome: 'unidentified' };

/** Whether it is one of the couple, as far as a document tells: an identity card has their number. */
const isOfCouple = (data: RegistrationData, { of, document, documentNumber }: AtCounter): boolean => {
  const number = normaliseIdNumber(documentNumber);
  return number !== '' && (document !== 'idCard' || number === normaliseIdNumber(data[of].idNumber));
};

/** At the office itself: its committees hand over what they enter, and with it the couple. */
const mayGiveAgain = (deps: Deps, staff: Staff, office: string, people: readonly string[]): Authorised => {
  const { current } = deps.offices;
  if (current(staff.office) !== current(office)) return { outcome: 'forbidden', reason: 'office' };
  const entering = authorise(staff, { act: 'enterOnSite', office, people }, deps.offices);
  return entering.outcome === 'allowed' ? entering : authorise(staff, { act: 'review', office, people }, deps.offices);
};

/** The query code once more, at the counter of the office that has the registration; recorded with whose document was seen. */
export const onSiteReceipt = (deps: Deps, access: AccessRecords) => ({
  receipt: async (staff: Staff, id: string, identity: AtCounter): Promise<CodeAgain> => {
    const row = await registrationRow(deps, id);
    const data = row && (await openData(deps, row));
    if (row === undefined || data === undefined) return { outcome: 'absent' };
    const people = peopleOf(deps.sealing, data);
    const may = mayGiveAgain(deps, staff, row.office, people);
    if (may.outcome === 'forbidden') return may;
    if (!isOfCouple(data, identity)) return { outcome: 'unidentified' };
    const text = `${identity.document} ${identity.documentNumber.trim()}`;
    const viewer = staffViewer(staff, { task: 'other', reason: { code: 'atTheCounter', text } });
    const { office, submittedAt } = row;
    return access.shown(viewer, { subject: registrationSubject(row), what: 'opened' }, () => {
      return { outcome: 'found', queryCode: queryCodeOf(deps.sealing, id), office, submittedAt } as const;
    });
  },
});
