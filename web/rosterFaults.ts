import type { Services } from '#application/services.ts';
import type { FaultyRow, RosterFault } from '#domain/account/roster.ts';
import { type Locale, listText, translate, translateFirst } from './locale.ts';

/** What is filled into the sentence about a fault: offices by name, rows by number. */
const fillOf = ({ deps }: Services, locale: Locale, fault: RosterFault): Readonly<Record<string, unknown>> => {
  const officeName = (code: string) => deps.offices.find(code)?.name ?? code;
  switch (fault.fault) {
    case 'ambiguousPlace':
      return { places: listText(locale, fault.codes.map(officeName)) };
    case 'repeated':
      return { rows: listText(locale, fault.rows.map(String)) };
    case 'notYours':
      return { office: officeName(fault.by) };
    case 'elsewhere':
      return { office: officeName(fault.office), role: translate(locale, `roster.roles.${fault.role}`) };
    default:
      return {};
  }
};

/** One fault of a row in words: its column, and what to do about it. */
export const faultText = (services: Services, locale: Locale, fault: RosterFault) => ({
  column: translate(locale, `roster.columns.${fault.column}`),
  message: translateFirst(
    locale,
    [`roster.faults.${fault.fault}.${fault.column}`, `roster.faults.${fault.fault}`],
    fillOf(services, locale, fault),
  ),
});

/** All that is wrong with a row in one line: “姓名：没有填写。身份证号码：…”. */
export const faultsLine = (services: Services, locale: Locale, { faults }: FaultyRow): string =>
  faults
    .map((fault) => faultText(services, locale, fault))
    .map(({ column, message }) => (locale === 'zh-CN' ? `${column}：${message}` : `${column}: ${message} `))
    .join('')
    .trim();
