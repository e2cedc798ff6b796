import { normaliseIdNumber } from '../people/idNumber.ts';
import { marriageCertificate } from '../people/marriageCertificate.ts';
import { normaliseName } from '../people/personName.ts';
import { isInProvince, type RegistrationData } from './fields.ts';

type Person = { name: string; idNumber: string; householdDivision: string };

/** A couple's marriage and births as a population system records them. */
export type PopulationRecord = {
  wife: Person;
  husband: Person;
  marriage?: { certificateNumber: string; registeredOn: string };
  children: readonly { name: string; sex: 'female' | 'male'; bornOn: string }[];
};

/** One line of the side-by-side: what was declared, what is recorded (absent: nothing), and whether they agree. */
export type Comparison = { field: string; declared: string; recorded: string | undefined; agrees: boolean };

const line = (
  field: string,
  declared: string,
  recorded: string | undefined,
  same = (text: string) => text,
): Comparison => ({
  field,
  declared,
  recorded,
  agrees: recorded !== undefined && same(declared) === same(recorded),
});

/** Recorded households may be known only to the county: they agree where one begins with the other. */
const household = (field: string, declared: string, recorded: string): Comparison => ({
  field,
  declared,
  recorded,
  agrees: recorded !== '' && (declared.startsWith(recorded) || recorded.startsWith(declared)),
});

const childKey = (child: { sex: string; bornOn: string }) => `${child.bornOn} ${child.sex}`;

const childText = (child: { name: string; sex: string; bornOn: string }) => `${child.name} ${childKey(child)}`;

/** The one spelling of a marriage certificate's number, dashes or none; what is no number stays as it is. */
const numberOf = (text: string): string => {
  const read = marriageCertificate(text);
  return read.outcome === 'invalid' ? text : read.number;
};

const children = (data: RegistrationData, record: PopulationRecord): readonly Comparison[] => {
  const recorded = [...record.children];
  const declared = data.children.map((child, index) => {
    const at = recorded.findIndex((one) => childKey(one) === childKey(child));
    const [match] = at < 0 ? [] : recorded.splice(at, 1);
    return line(`children.${index}`, childText(child), match && childText(match), normaliseName);
  });
  const unknown = recorded.map((one, index) => ({
    field: `children.${data.children.length + index}`,
    declared: '',
    recorded: childText(one),
    agrees: false,
  }));
  return [...declared, ...unknown];
};

/** Declared data next to the record, in the order staff check it (R7, §3.1.1(3)). */
export const compare = (data: RegistrationData, record: PopulationRecord): readonly Comparison[] => [
  line('wife.name', data.wife.name, record.wife.name, normaliseName),
  line('wife.idNumber', data.wife.idNumber, record.wife.idNumber, normaliseIdNumber),
  household('wifeHousehold.division', data.wifeHousehold.division, record.wife.householdDivision),
  line('husband.name', data.husband.name, record.husband.name, normaliseName),
  line('husband.idNumber', data.husband.idNumber, record.husband.idNumber, normaliseIdNumber),
  household('husbandHousehold.division', data.husbandHousehold.division, record.husband.householdDivision),
  line('marriage.registeredOn', data.marriage.registeredOn, record.marriage?.registeredOn),
  line('marriage.certificateNumber', data.marriage.certificateNumber, record.marriage?.certificateNumber, numberOf),
  ...children(data, record),
];

/** Which system knows a couple: the exchange platform where a household lies outside the province (R7). */
export const sourceFor = (data: Pick<RegistrationData, 'wifeHousehold' | 'husbandHousehold'>): 'pis' | 'exchange' =>
  isInProvince(data.wifeHousehold.division) && isInProvince(data.husbandHousehold.division) ? 'pis' : 'exchange';
