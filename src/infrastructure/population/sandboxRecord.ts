import { addDays } from '#domain/calendar/day.ts';
import type { PopulationRecord } from '#domain/registration/compare.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';

/** What the sandbox plays for a couple; which of the two systems knows them follows from their households. */
export const scenarios = [
  'matches',
  'nameDiffers',
  'marriageDateDiffers',
  'undeclaredChild',
  'absent',
  'outsideProvince',
  'slow',
  'down',
] as const;
export type Scenario = (typeof scenarios)[number];

/** A couple that the sandbox knows, with what it plays for them. */
export type SandboxCouple = { scenario: Scenario; data: RegistrationData };

/** Characters that sound or look alike, as records mix them up. */
const mixedUp: readonly (readonly [string, string])[] = [
  ['英', '瑛'],
  ['丽', '莉'],
  ['芳', '方'],
  ['敏', '闵'],
  ['静', '婧'],
  ['艳', '燕'],
  ['兰', '岚'],
  ['玲', '铃'],
  ['花', '华'],
  ['梅', '枚'],
  ['琴', '芹'],
  ['红', '虹'],
  ['霞', '遐'],
  ['云', '芸'],
  ['娟', '鹃'],
];

const misspelt = (name: string): string => {
  const pair = mixedUp.find(([written]) => name.slice(1).includes(written));
  return pair
    ? name.slice(0, 1) + name.slice(1).replace(pair[0], pair[1])
    : `${name.slice(0, -1)}${name.endsWith('媛') ? '瑗' : '媛'}`;
};

const matching = (data: RegistrationData): PopulationRecord => ({
  wife: { ...data.wife, householdDivision: data.wifeHousehold.division },
  husband: { ...data.husband, householdDivision: data.husbandHousehold.division },
  marriage: { certificateNumber: data.marriage.certificateNumber, registeredOn: data.marriage.registeredOn },
  children: data.children.map(({ name, sex, bornOn }) => ({ name, sex, bornOn })),
});

const familyName = (name: string): string => /^(欧阳|上官|司马|诸葛|令狐)/.exec(name)?.[0] ?? name.slice(0, 1);

/** The record of a couple as its scenario has it; undefined where no record is found. */
export const recordOf = ({ scenario, data }: SandboxCouple): PopulationRecord | undefined => {
  const record = matching(data);
  const { registeredOn } = data.marriage;
  switch (scenario) {
    case 'absent':
      return undefined;
    case 'nameDiffers':
      return { ...record, wife: { ...record.wife, name: misspelt(record.wife.name) } };
    case 'marriageDateDiffers':
      return {
        ...record,
        marriage: { certificateNumber: data.marriage.certificateNumber, registeredOn: addDays(registeredOn, -9) },
      };
    case 'undeclaredChild': {
      const child = {
        name: `${familyName(data.husband.name)}小满`,
        sex: 'female',
        bornOn: addDays(registeredOn, 400),
      } as const;
      return { ...record, children: [...record.children, child] };
    }
    case 'matches':
    case 'outsideProvince':
    case 'slow':
    case 'down':
      return record;
  }
};
