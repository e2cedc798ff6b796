import type { Staff } from '#application/actor.ts';
import type { Office, OfficeTree } from '#application/offices.ts';
import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { possibleAuthorisations } from '#domain/account/rules.ts';
import { addDays } from '#domain/calendar/day.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import { adultName } from './names.ts';
import { type Random, randomOf } from './random.ts';

/** The password of every demo account. */
export const demoPassword = 'Demo-2026-gz';

type Tree = Pick<OfficeTree, 'find' | 'registers' | 'children'>;

/** Someone of the demo's staff; `tells` is what is out of the ordinary with them. */
export type DemoAccount = {
  account: string;
  role: Role;
  office: string;
  details: AccountDetails;
  tells?: 'unverified' | 'differs' | 'disabled' | 'ending' | 'withApp';
};

type Featured = Pick<DemoAccount, 'account' | 'role' | 'office' | 'tells'> & { name: string };

const featured: readonly Featured[] = [
  { account: 'guizhu-yang', name: '杨秀兰', role: 'operator', office: '520111004' },
  { account: 'guizhu-wu', name: '吴建国', role: 'operator', office: '520111004' },
  { account: 'guizhu-gly', name: '龙再平', role: 'admin', office: '520111004' },
  { account: 'huaxi', name: '罗玉兰', role: 'operator', office: '520111' },
  { account: 'huaxi-gly', name: '班正华', role: 'admin', office: '520111', tells: 'withApp' },
  { account: 'guiyang', name: '陈志远', role: 'operator', office: '5201' },
  { account: 'guizhou', name: '田海燕', role: 'admin', office: '52' },
  { account: 'guizhou-zhengjian', name: '安明珍', role: 'operator', office: '52' },
  { account: 'huaxi-yiyuan', name: '何静', role: 'operator', office: '520111-H01' },
];

/** People of 贵筑街道 with whom something is to be done. */
const unfinished: readonly Featured[] = [
  { account: 'guizhu-xinren', name: '韦小燕', role: 'operator', office: '520111004', tells: 'unverified' },
  { account: 'guizhu-hedui', name: '莫春林', role: 'operator', office: '520111004', tells: 'differs' },
  { account: 'guizhu-jiediao', name: '潘家兴', role: 'operator', office: '520111004', tells: 'disabled' },
  { account: 'guizhu-linshi', name: '石明珠', role: 'operator', office: '520111004', tells: 'ending' },
];

/** What desks do all day. */
const mostly: readonly Authorisation[] = ['review', 'register', 'enterOnSite', 'issueOrdinaryCertificates'];

/** The county whose townships keep stock in the demo, each its own. */
const stockCounty = '520111';

const daysOfBirth = 6000;
const firstBirth = '1968-01-01';

/** A number that checks out but was never given: the sequence runs from 900, which offices do not reach. */
const idNumberOf = (random: Random, office: string, female: boolean): string => {
  const county = office.replace(/\D.*$/, '').padEnd(6, '0').slice(0, 6);
  const born = addDays(firstBirth, random.below(daysOfBirth)).replaceAll('-', '');
  return withCheckCharacter(`${county}${born}${900 + 2 * random.below(50) + (female ? 0 : 1)}`);
};

const detailsOf = (account: string, office: string, given?: string): AccountDetails => {
  const random = randomOf(account);
  const female = random.percent(50);
  const name = given ?? adultName(random, female ? 'female' : 'male');
  const mobile = `138${String(10_000_000 + random.below(80_000_000))}`;
  return { name, idNumber: idNumberOf(random, office, female), mobile };
};

const told = ({ name, ...one }: Featured): DemoAccount => ({
  ...one,
  details: detailsOf(one.account, one.office, name),
});

const ruled = (role: Role, { code }: Pick<Office, 'code'>): DemoAccount => {
  const account = `${role === 'admin' ? 'gly' : 'czy'}-${code.toLowerCase()}`;
  return { account, role, office: code, details: detailsOf(account, code) };
};

/**
 * Everyone who works in the demo: an operator and an admin of every office by rule, `czy-<office>` (操作员) and
 * `gly-<office>` (管理员), those whom the sign-in page shows, and some with whom something is to be done.
 */
export const demoAccounts = (offices: readonly Pick<Office, 'code'>[]): readonly DemoAccount[] => [
  ...offices.flatMap((office) => [ruled('admin', office), ruled('operator', office)]),
  ...[...featured, ...unfinished].map(told),
];

/**
 * What someone may do: admins hold what they can hand on, so those with nobody below them what their operators have. All
 * that is done there where the sign-in page shows someone, elsewhere what is done most: each grant is an event of its own.
 */
export const heldBy = ({ role, office }: Held, offices: Tree): readonly Authorisation[] => {
  const found = offices.find(office);
  if (found === undefined) return [];
  const workplace = { ...found, registers: offices.registers(office) };
  if (role === 'admin' && offices.children(office).length > 0) return possibleAuthorisations('admin', workplace);
  const all = possibleAuthorisations('operator', workplace);
  const isShown = featured.some((one) => one.office === office);
  const keepsStock = found.parent === stockCounty || found.level !== 'township';
  const desk = keepsStock ? [...mostly, 'manageStock'] : mostly;
  const held = isShown || !all.includes('register') ? all : all.filter((one) => desk.includes(one));
  return role === 'admin' ? held : held.filter((one) => one !== 'readAuditTrail');
};

type Held = Pick<DemoAccount, 'role' | 'office'>;

const staffOf = ({ account, role, office, details }: DemoAccount, offices: Tree): Staff => ({
  account,
  name: details.name,
  role,
  office,
  authorisations: heldBy({ role, office }, offices),
  verified: true,
  person: `demo ${account}`,
});

/**
 * The accounts that the sign-in page and the start show: two operators of 贵筑街道, who can compete for a task, and its
 * admin; the desks of 花溪区, 贵阳市 and 贵州省, and who keeps the province's stock; a hospital's user.
 */
export const featuredAccounts: readonly Pick<Featured, 'account' | 'name' | 'role' | 'office'>[] = featured;

/** A member of the demo staff; undefined where the account belongs to nobody, or to one with whom something is to be done. */
export const demoStaffOf = (account: string, offices: Tree): Staff | undefined => {
  const shown = featured.find((one) => one.account === account);
  if (shown !== undefined) return staffOf(told(shown), offices);
  const [, rule, code = ''] = /^(czy|gly)-([\w-]{2,15})$/.exec(account) ?? [];
  const office = rule === undefined ? undefined : offices.find(code.toUpperCase());
  return office && staffOf(ruled(rule === 'gly' ? 'admin' : 'operator', office), offices);
};

/** Those who may review and register at an office, the featured ones where it has some. */
export const registrarsOf = (office: string, offices: Tree): readonly Staff[] => {
  const shown = featured.filter((one) => one.office === office && one.role === 'operator');
  const all = shown.length > 0 ? shown.map(({ account }) => account) : [`czy-${office.toLowerCase()}`];
  return all.flatMap((account) => demoStaffOf(account, offices) ?? []);
};
