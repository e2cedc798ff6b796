import { addDays } from '#domain/calendar/day.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';

const surnames = [...'王李张刘陈杨赵黄周吴韦罗龙潘石莫陆覃田'];
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰花朵云山水春梅'];

const pick = (from: readonly string[], n: number): string => from[n % from.length] ?? '';

const name = (n: number): string => pick(surnames, n) + pick(given, n * 7) + pick(given, Math.floor(n / 31));

// 8 000 birthdays × 500 sequences of one sex: four million people who never meet twice.
const idNumber = (n: number, male: boolean): string => {
  const bornOn = addDays('1975-01-01', n % 8000).replaceAll('-', '');
  const sequence = String(((Math.floor(n / 8000) % 500) * 2 + (male ? 1 : 0)) % 1000).padStart(3, '0');
  return withCheckCharacter(`520111${bornOn}${sequence}`);
};

const address = (division: string, n: number) => ({
  division,
  locality: '',
  street: `霞晖路${n % 900}号`,
  community: '清溪小区',
  building: `${n % 40}栋2单元`,
  door: `${n % 30}01室`,
});

/** The n-th couple of a village, with their first child; all rules are kept and no couple is another. */
export const coupleOf = (village: string, n: number): RegistrationData => ({
  application: { parity: 1 },
  wife: { name: name(n), idNumber: idNumber(n, false) },
  wifeHousehold: address(village, n),
  wifeResidence: address(village, n),
  husband: { name: name(n + 5), idNumber: idNumber(n, true) },
  husbandHousehold: address(village, n),
  husbandResidence: address(village, n),
  marriage: { certificateNumber: 'J520103-2024-001234', registeredOn: '2024-05-20', authority: '贵阳市云岩区民政局' },
  children: [],
  declaration: { place: village.slice(0, 9), mobile: '13800000000' },
});
