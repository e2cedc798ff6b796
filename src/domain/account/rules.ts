import { type IdNumberFault, idNumberFault } from '../people/idNumber.ts';
import { isMobile } from '../people/mobile.ts';
import { isPersonName } from '../people/personName.ts';
import type { Authorisation, Role } from './authorisations.ts';
import type { AccountDetails } from './events.ts';

/** What decides which authorisations an organisation's people can have; `registers`: it is a desk (R5). */
export type Workplace = {
  kind: 'administration' | 'committee' | 'institution';
  level: 'province' | 'prefecture' | 'county' | 'township' | 'village';
  registers: boolean;
};

type Row = { may: readonly Authorisation[]; clause: string };

/** What each kind of workplace has to do at all (O5), with the clauses that give it the work. */
export const workplaceRows = {
  desk: {
    may: ['review', 'register', 'enterOnSite', 'issueOrdinaryCertificates'],
    clause: '§3.1.1(2), §3.1.1(3), §3.1.2, §3.1.3; R5',
  },
  province: {
    may: ['manageStock', 'viewStatistics', 'supervise', 'handleFeedback', 'syncPis', 'readAuditTrail'],
    clause: '§3.2.1, §3.2.2, §3.2.3, §4.1, §4.3, §4.4; S6',
  },
  prefecture: {
    may: ['manageStock', 'viewStatistics', 'supervise', 'handleFeedback', 'syncPis', 'readAuditTrail'],
    clause: '§3.2.1, §3.2.2, §4.1, §4.3, §4.4; S6',
  },
  county: {
    may: ['manageStock', 'viewStatistics', 'supervise', 'handleFeedback', 'syncPis', 'readAuditTrail'],
    clause: '§3.2.1, §3.2.2, §4.1, §4.3, §4.4; S6',
  },
  township: {
    may: ['manageStock', 'viewStatistics', 'handleFeedback', 'syncPis', 'readAuditTrail'],
    clause: '§3.1.4, §4.3, §4.4; S6',
  },
  committee: { may: ['enterOnSite'], clause: '§3.1.2, A1.4' },
  institution: { may: ['checkRegistration', 'annotateBirth', 'handleFeedback'], clause: '§3.3.1, §3.3.2, §4.4' },
} as const satisfies Record<string, Row>;

type RowName = keyof typeof workplaceRows;

const below: Readonly<Record<RowName, readonly RowName[]>> = {
  desk: [],
  province: ['prefecture', 'county', 'township', 'desk', 'committee', 'institution'],
  prefecture: ['county', 'township', 'desk', 'committee', 'institution'],
  county: ['township', 'desk', 'committee', 'institution'],
  township: ['desk', 'committee', 'institution'],
  committee: [],
  institution: [],
};

const rowsOf = ({ kind, level, registers }: Workplace): readonly RowName[] => {
  if (kind !== 'administration') return [kind];
  return [...(registers ? (['desk'] as const) : []), level === 'village' ? 'committee' : level];
};

/**
 * The authorisations that people of a workplace can have: operators for its own work, admins also what is worked with
 * below it, since nobody hands on what they do not hold (O3, O5).
 */
export const possibleAuthorisations = (role: Role, workplace: Workplace): readonly Authorisation[] => {
  const own = rowsOf(workplace);
  const rows = role === 'admin' ? [...own, ...own.flatMap((row) => below[row])] : own;
  return [...new Set<Authorisation>(rows.flatMap((row): readonly Authorisation[] => workplaceRows[row].may))];
};

const accountShape = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const longestAccount = 40;

/** Whether a text can be what someone signs in with: small letters and digits with hyphens between, a letter first. */
export const isAccountName = (text: string): boolean => text.length <= longestAccount && accountShape.test(text);

/** The name that an office's people get unless another is wished for: 操作员 and 管理员, with a number from the second on. */
export const accountName = (role: Role, office: string, number: number): string =>
  `${role === 'admin' ? 'gly' : 'czy'}-${office.toLowerCase()}${number === 1 ? '' : `-${number}`}`;

/** One detail that cannot be kept as typed, and what is wrong with it. */
export type DetailFault =
  | { field: 'account'; fault: 'malformed' }
  | { field: 'name'; fault: 'garbled' }
  | { field: 'idNumber'; fault: IdNumberFault }
  | { field: 'mobile'; fault: 'garbled' }
  | { field: 'workUnit' | 'qq' | 'note'; fault: 'long' };

const longest = { workUnit: 100, qq: 20, note: 200 } as const;

/** What is wrong with the data of a person (annex 2); a mobile may still be missing. */
export const detailFaults = (details: AccountDetails): readonly DetailFault[] => {
  const idFault = idNumberFault(details.idNumber);
  const long = (['workUnit', 'qq', 'note'] as const).filter((field) => (details[field] ?? '').length > longest[field]);
  return [
    ...(isPersonName(details.name) ? [] : [{ field: 'name', fault: 'garbled' } as const]),
    ...(idFault === undefined ? [] : [{ field: 'idNumber', fault: idFault } as const]),
    ...(details.mobile === '' || isMobile(details.mobile) ? [] : [{ field: 'mobile', fault: 'garbled' } as const]),
    ...long.map((field) => ({ field, fault: 'long' }) as const),
  ];
};

/** The details in which two records of a person differ. */
export const changedDetails = (before: AccountDetails, after: AccountDetails): readonly (keyof AccountDetails)[] =>
  (['name', 'idNumber', 'mobile', 'workUnit', 'qq', 'note'] as const).filter(
    (field) => (before[field] ?? '') !== (after[field] ?? ''),
  );
