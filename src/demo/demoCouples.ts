import { withCheckCharacter } from '#domain/people/idNumber.ts';
import type { Address, Child, RegistrationData } from '#domain/registration/fields.ts';
import type { SandboxCouple } from '#infrastructure/population/sandboxRecord.ts';

/** A made-up couple that a visitor fills the form with in one click; the seed never registers it. */
export type DemoCouple = SandboxCouple & { key: string };

type Told = {
  wife: [name: string, born: string];
  husband: [name: string, born: string];
  married: [number: string, on: string];
  children?: readonly Child[];
  wifeHousehold?: Address;
};

const door = (division: string, street: string, at: string, more: Partial<Address> = {}): Address => ({
  division,
  locality: '',
  street,
  community: '',
  building: '',
  door: at,
  ...more,
});

// 贵筑街道筑安社区, 大寨社区 and 尖山村; 青岩镇明清街社区 for where they come from.
const flat = door('520111004005', '清溪路88号', '501室', { community: '溪畔花园', building: '3栋2单元' });
const oldHome = door('520111101001', '明清街', '16号');
const hisHome = door('520111004200', '3组', '27号');
const sichuan = door('510502', '2组', '9号', { locality: '永安镇' });

const idNumber = (born: string, sequence: number, county = '520111'): string =>
  withCheckCharacter(`${county}${born.replaceAll('-', '')}${sequence}`);

const couple = (
  n: number,
  { wife, husband, married, children = [], wifeHousehold = oldHome }: Told,
): RegistrationData => ({
  application: { parity: children.length + 1 },
  wife: { name: wife[0], idNumber: idNumber(wife[1], 990, wifeHousehold.division.slice(0, 6)) },
  wifeHousehold,
  wifeResidence: flat,
  husband: { name: husband[0], idNumber: idNumber(husband[1], 991) },
  husbandHousehold: hisHome,
  husbandResidence: flat,
  marriage: { certificateNumber: married[0], registeredOn: married[1], authority: '花溪区民政局' },
  children: [...children],
  declaration: { place: '520111004', mobile: `1380000000${n}` },
});

const daughter: Child = { name: '罗雨萱', sex: 'female', bornOn: '2014-09-03', parentage: 'both', living: 'living' };

/** One couple per scenario of the sandbox. All days lie before the platform began (2016-07-11), so they fit any clock. */
export const demoCouples: readonly DemoCouple[] = [
  {
    key: 'firstChild',
    scenario: 'matches',
    data: couple(1, {
      wife: ['杨晓芳', '1991-04-18'],
      husband: ['吴国强', '1989-11-02'],
      married: ['J520111-2015-990101', '2015-05-20'],
    }),
  },
  {
    key: 'nameDiffers',
    scenario: 'nameDiffers',
    data: couple(2, {
      wife: ['王丽', '1990-02-11'],
      husband: ['罗正江', '1988-06-30'],
      married: ['J520111-2013-990102', '2013-10-08'],
      children: [daughter],
    }),
  },
  {
    key: 'marriageDateDiffers',
    scenario: 'marriageDateDiffers',
    data: couple(3, {
      wife: ['韦金花', '1992-08-25'],
      husband: ['潘昌富', '1990-01-15'],
      married: ['J520111-2016-990103', '2016-03-08'],
    }),
  },
  {
    key: 'undeclaredChild',
    scenario: 'undeclaredChild',
    data: couple(4, {
      wife: ['石桂兰', '1987-12-06'],
      husband: ['龙德明', '1986-03-21'],
      married: ['J520111-2012-990104', '2012-02-14'],
    }),
  },
  {
    key: 'absent',
    scenario: 'absent',
    data: couple(5, {
      wife: ['欧阳静', '1993-05-09'],
      husband: ['令狐勇', '1991-09-27'],
      married: ['J520111-2016-990105', '2016-01-12'],
    }),
  },
  {
    key: 'outsideProvince',
    scenario: 'outsideProvince',
    data: couple(6, {
      wife: ['吉克·阿依', '1992-07-01'],
      husband: ['陈浩', '1990-10-10'],
      married: ['J520111-2015-990106', '2015-11-11'],
      wifeHousehold: sichuan,
    }),
  },
  {
    key: 'slow',
    scenario: 'slow',
    data: couple(7, {
      wife: ['岑明珠', '1990-03-30'],
      husband: ['陆鹏', '1989-04-04'],
      married: ['J520111-2014-990107', '2014-12-09'],
    }),
  },
  {
    key: 'down',
    scenario: 'down',
    data: couple(8, {
      wife: ['田春梅', '1989-09-19'],
      husband: ['冉志刚', '1987-07-07'],
      married: ['J520111-2013-990108', '2013-06-18'],
    }),
  },
];
