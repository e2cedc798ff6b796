import { ageOn, type Day, yearOf } from '../calendar/day.ts';
import type { Policy } from '../calendar/policy.ts';
import { bornOn, idNumberFault, sexOf } from '../people/idNumber.ts';
import { marriageCertificate } from '../people/marriageCertificate.ts';
import { isMobile } from '../people/mobile.ts';
import { isPersonName } from '../people/personName.ts';
import { type Address, addressSections, isInProvince, type RegistrationData } from './fields.ts';

/** What the rules need to know of the world; all of it is an argument. */
export type RuleContext = {
  today: Day;
  policy: Policy;
  knowsDivision: (code: string) => boolean;
  /** Whether there are divisions below one; a township that was just established may have none yet. */
  isDivided: (code: string) => boolean;
  /** Whether every character of a name can be printed on the certificate. */
  canPrint: (text: string) => boolean;
};

/** A rule that fired at a field; both are names, so a flag holds nothing about a person. */
export type Flag = { rule: string; field: string };

/** An evident-error rule (§3.1.1(2)). `block` stops the submission, `flag` is shown to the reviewer. */
export type Rule = {
  name: string;
  clause: string;
  effect: 'block' | 'flag';
  /** Sections that must be answered before the rule can be asked. */
  needs: readonly (keyof RegistrationData)[];
  /** The fields in error; none when the rule is kept. */
  check: (data: RegistrationData, context: RuleContext) => readonly string[];
};

const spouses = ['wife', 'husband'] as const;
type Spouse = (typeof spouses)[number];

const spouseRule = (
  name: string,
  effect: Rule['effect'],
  member: 'name' | 'idNumber',
  fails: (value: string, spouse: Spouse, context: RuleContext) => boolean,
): readonly Rule[] =>
  spouses.map((spouse) => ({
    name,
    clause: '§3.1.1(2)',
    effect,
    needs: [spouse],
    check: (data, context) => (fails(data[spouse][member], spouse, context) ? [`${spouse}.${member}`] : []),
  }));

const idNumberRule = (name: string, fault: ReturnType<typeof idNumberFault>) =>
  spouseRule(name, 'block', 'idNumber', (value) => idNumberFault(value) === fault);

const addressRule = (name: string, member: keyof Address, fails: (address: Address, context: RuleContext) => boolean) =>
  addressSections.map(
    (section): Rule => ({
      name,
      clause: 'A1.1',
      effect: 'block',
      needs: [section],
      check: (data, context) => (fails(data[section], context) ? [`${section}.${member}`] : []),
    }),
  );

const childRule = (
  name: string,
  effect: Rule['effect'],
  member: keyof RegistrationData['children'][number],
  fails: (child: RegistrationData['children'][number], data: RegistrationData, context: RuleContext) => boolean,
  needs: Rule['needs'] = ['children'],
): Rule => ({
  name,
  clause: 'A1.1',
  effect,
  needs,
  check: (data, context) =>
    data.children.flatMap((child, index) => (fails(child, data, context) ? [`children.${index}.${member}`] : [])),
});

const writable = /^[\p{Script=Han}\p{Script=Latin}\p{Nd}〇○\s·•()（）【】\-—–#＃号/.,，。、:：&'’]*$/u;
/** Text that nobody wrote on purpose: with odd characters, or with punctuation only. */
const garbled = (text: string) => !writable.test(text) || (text !== '' && !/[\p{L}\p{N}]/u.test(text));
const validBirth = (idNumber: string) => (idNumberFault(idNumber) === undefined ? bornOn(idNumber) : undefined);

/** Township places that may be declared: those of the four addresses that lie in the province (A1.4). */
export const declarablePlaces = (data: Partial<RegistrationData>): readonly string[] => [
  ...new Set(
    addressSections.flatMap((section) => {
      const division = data[section]?.division ?? '';
      return isInProvince(division) && division.length >= 9 ? [division.slice(0, 9)] : [];
    }),
  ),
];

/** Children that count towards parity (DOMAIN.md, evident-error rules): the living ones. */
const countedChildren = (children: RegistrationData['children']): number =>
  children.filter((child) => child.living === 'living').length;

const marriageAgeBelow = (name: string, effect: Rule['effect'], ageOf: (policy: Policy, spouse: Spouse) => number) =>
  spouses.map(
    (spouse): Rule => ({
      name,
      clause: '§3.1.1(2)',
      effect,
      needs: [spouse, 'marriage'],
      check: (data, { policy }) => {
        const born = validBirth(data[spouse].idNumber);
        const tooYoung = born !== undefined && ageOn(born, data.marriage.registeredOn) < ageOf(policy, spouse);
        return tooYoung ? ['marriage.registeredOn'] : [];
      },
    }),
  );

const marriageRule = (
  name: string,
  effect: Rule['effect'],
  member: keyof RegistrationData['marriage'],
  fails: (marriage: RegistrationData['marriage'], context: RuleContext) => boolean,
): Rule => ({
  name,
  clause: '§3.1.1(2)',
  effect,
  needs: ['marriage'],
  check: (data, context) => (fails(data.marriage, context) ? [`marriage.${member}`] : []),
});

/** Every evident-error rule. Adding one is one entry here and its message under `rules` in the locales. */
export const rules: readonly Rule[] = [
  ...spouseRule('nameGarbled', 'block', 'name', (value) => !isPersonName(value)),
  ...spouseRule('nameUnprintable', 'flag', 'name', (value, _, { canPrint }) => isPersonName(value) && !canPrint(value)),
  ...idNumberRule('idNumberLength', 'length'),
  ...idNumberRule('idNumberDivision', 'division'),
  ...idNumberRule('idNumberBirthDate', 'birthDate'),
  ...idNumberRule('idNumberCheckCharacter', 'checkCharacter'),
  ...spouseRule(
    'idNumberBirthInFuture',
    'block',
    'idNumber',
    (value, _, { today }) => (validBirth(value) ?? '') > today,
  ),
  ...spouseRule(
    'idNumberSex',
    'block',
    'idNumber',
    (value, spouse) => idNumberFault(value) === undefined && sexOf(value) !== (spouse === 'wife' ? 'female' : 'male'),
  ),
  ...addressRule('divisionUnknown', 'division', ({ division }, { knowsDivision }) => !knowsDivision(division)),
  ...addressRule(
    'divisionTooCoarse',
    'division',
    ({ division }, { isDivided }) =>
      isInProvince(division) && division.length < 12 && (division.length < 9 || isDivided(division)),
  ),
  ...addressRule('localityMissing', 'locality', ({ division, locality }) => !isInProvince(division) && locality === ''),
  ...(['locality', 'street', 'community', 'building', 'door'] as const).flatMap((member) =>
    addressRule('addressGarbled', member, (address) => garbled(address[member])),
  ),
  marriageRule('marriageInFuture', 'block', 'registeredOn', ({ registeredOn }, { today }) => registeredOn > today),
  marriageRule(
    'marriageNumberMalformed',
    'block',
    'certificateNumber',
    ({ certificateNumber }) => marriageCertificate(certificateNumber).outcome === 'invalid',
  ),
  marriageRule(
    'marriageNumberOlder',
    'flag',
    'certificateNumber',
    ({ certificateNumber }) => marriageCertificate(certificateNumber).outcome === 'older',
  ),
  marriageRule('marriageNumberYear', 'flag', 'certificateNumber', ({ certificateNumber, registeredOn }) => {
    const number = marriageCertificate(certificateNumber);
    return number.outcome === 'modern' && !number.reissued && number.year !== yearOf(registeredOn);
  }),
  marriageRule('marriageAuthorityGarbled', 'block', 'authority', ({ authority }) => garbled(authority)),
  ...marriageAgeBelow('marriageAgeImpossible', 'block', (policy, spouse) => policy.marriageableAgeAnywhere[spouse]),
  ...marriageAgeBelow('marriageAgeBelowLimit', 'flag', (policy, spouse) => policy.marriageableAge[spouse]),
  childRule('childNameGarbled', 'block', 'name', (child) => !isPersonName(child.name)),
  childRule('childBornInFuture', 'block', 'bornOn', (child, _, { today }) => child.bornOn > today),
  childRule(
    'childMotherAge',
    'flag',
    'bornOn',
    (child, data, { policy }) => {
      const born = child.parentage === 'husband' ? undefined : validBirth(data.wife.idNumber);
      return born !== undefined && ageOn(born, child.bornOn) < policy.motherAgeAtBirth;
    },
    ['children', 'wife'],
  ),
  {
    name: 'parityDisagrees',
    clause: 'A1.1',
    effect: 'block',
    needs: ['application', 'children'],
    check: (data) => (data.application.parity === countedChildren(data.children) + 1 ? [] : ['application.parity']),
  },
  {
    name: 'parityBeyondPolicy',
    clause: '§2.1',
    effect: 'block',
    needs: ['application'],
    check: (data, { policy }) => (data.application.parity <= policy.maxParity ? [] : ['application.parity']),
  },
  {
    name: 'declaredPlaceForeign',
    clause: 'A1.4',
    effect: 'block',
    needs: ['declaration', ...addressSections],
    check: (data) => (declarablePlaces(data).includes(data.declaration.place) ? [] : ['declaration.place']),
  },
  {
    name: 'mobileMalformed',
    clause: 'A1.1',
    effect: 'block',
    needs: ['declaration'],
    check: (data) => (isMobile(data.declaration.mobile) ? [] : ['declaration.mobile']),
  },
];

/** Flags of one effect that can be asked with the sections present in `data` (a draft may lack some), each once. */
export const findings = (
  effect: Rule['effect'],
  data: Partial<RegistrationData>,
  context: RuleContext,
): readonly Flag[] =>
  rules
    .filter((rule) => rule.effect === effect && rule.needs.every((section) => data[section] !== undefined))
    .flatMap((rule) => rule.check(data as RegistrationData, context).map((field) => ({ rule: rule.name, field })))
    .filter(
      ({ rule, field }, index, all) => all.findIndex((one) => one.rule === rule && one.field === field) === index,
    );
