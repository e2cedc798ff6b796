import type { Office } from '#application/offices.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { type Locale, listText, translate } from '../../locale.ts';

const most = 8;
const addresses = ['wifeHousehold', 'wifeResidence', 'husbandHousehold', 'husbandResidence'] as const;

/** An office with its place in words, and why it is near to the couple where it is. */
export type OfferedOffice = Office & { place: string; why: string | undefined };

const placed = ({ deps }: Services, office: Office, why?: string): OfferedOffice => {
  const names = deps.divisions.path(office.division).map(({ name }) => name);
  return { ...office, place: names.join(' '), why };
};

/** Offices that register, for places whose names fit a search, the best first, each once. */
export const officesFor = (services: Services, text: string): readonly OfferedOffice[] => {
  const { deps } = services;
  // The top of the tree of divisions lists our own province first.
  const within = deps.divisions.children('')[0]?.code ?? '';
  const found = text.trim() === '' ? [] : deps.divisions.search(text.trim(), { within, limit: 40 });
  const offices = found.map(({ code }) => deps.offices.forPlace(code));
  const registering = offices.filter(({ code }) => deps.offices.registers(code));
  const unique = [...new Map(registering.map((office) => [office.code, office])).values()].slice(0, most);
  return unique.map((office) => placed(services, office));
};

/** The offices of the couple's own four addresses, then the desk above the one that has it now; each once, with why. */
export const officesNear = (services: Services, locale: Locale, { row, data, office }: StaffView) => {
  const { offices } = services.deps;
  const own = addresses.map((section) => ({
    code: offices.forPlace(data[section].division).code,
    why: translate(locale, `fields.sections.${section}`),
  }));
  const all = [...own, { code: office?.parent ?? '', why: translate(locale, 'cases.passOn.county') }];
  return [...Map.groupBy(all, ({ code }) => code)].flatMap(([code, reasons]) => {
    const one = offices.registers(code) && code !== row.office ? offices.find(code) : undefined;
    const why = reasons.map((reason) => reason.why);
    return one === undefined ? [] : [placed(services, one, listText(locale, why))];
  });
};

/** One office as the page names it; undefined where there is none. */
export const officeAt = (services: Services, code: string): OfferedOffice | undefined => {
  const office = services.deps.offices.find(code);
  return office && placed(services, office);
};
