import type { Staff } from '#application/actor.ts';
import type { Office, Offices } from '#application/offices.ts';
import type { StaffDirectory } from '#application/staff.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import type { OrganisationLevel } from '#domain/organisation/events.ts';
import { hashPassword, verifyPassword } from '#infrastructure/passwords.ts';
import { adultName } from './names.ts';
import { randomOf } from './random.ts';

/** The password of every demo account. */
export const demoPassword = 'Demo-2026-gz';

const registering: readonly Authorisation[] = ['review', 'register', 'enterOnSite', 'issueOrdinaryCertificates'];

const operatorMay: Record<OrganisationLevel, readonly Authorisation[]> = {
  province: ['supervise', 'viewStatistics', 'handleFeedback', 'syncPis'],
  prefecture: ['supervise', 'viewStatistics', 'handleFeedback'],
  county: [...registering, 'supervise', 'viewStatistics', 'handleFeedback'],
  township: registering,
  village: ['enterOnSite'],
};

const adminMay: readonly Authorisation[] = [
  'supervise',
  'manageStock',
  'viewStatistics',
  'handleFeedback',
  'readAuditTrail',
];

/**
 * The accounts that the sign-in page and the start show: two operators of 贵筑街道, who can compete for a task, and its
 * admin; the desks of 花溪区, 贵阳市 and 贵州省; a hospital's user, who has nothing to do yet.
 */
export const featuredAccounts: readonly Staff[] = (
  [
    {
      account: 'guizhu-yang',
      name: '杨秀兰',
      role: 'operator',
      office: '520111004',
      authorisations: operatorMay.township,
    },
    {
      account: 'guizhu-wu',
      name: '吴建国',
      role: 'operator',
      office: '520111004',
      authorisations: operatorMay.township,
    },
    { account: 'guizhu-gly', name: '龙再平', role: 'admin', office: '520111004', authorisations: adminMay },
    { account: 'huaxi', name: '罗玉兰', role: 'operator', office: '520111', authorisations: operatorMay.county },
    { account: 'guiyang', name: '陈志远', role: 'operator', office: '5201', authorisations: operatorMay.prefecture },
    { account: 'guizhou', name: '田海燕', role: 'admin', office: '52', authorisations: adminMay },
    {
      account: 'huaxi-yiyuan',
      name: '何静',
      role: 'operator',
      office: '520111',
      authorisations: ['checkRegistration', 'annotateBirth'],
    },
  ] as const
).map((staff) => ({ ...staff, verified: true, person: `demo ${staff.account}` }));

// 仁怀市 and 威宁县 stand at prefecture level, yet are the desks of townships without an office.
const mayOf = ({ code, level }: Office, role: Staff['role']): readonly Authorisation[] => {
  if (role === 'admin') return adminMay;
  return /^\d{6}$/.test(code) ? operatorMay.county : operatorMay[level];
};

/** The account that an office has by rule: `czy-<office>` its operator (操作员), `gly-<office>` its admin (管理员). */
const accountByRule = (account: string, offices: Offices): Staff | undefined => {
  const [, rule, code = ''] = /^(czy|gly)-(\w{2,9})$/.exec(account) ?? [];
  const office = offices.find(code);
  if (rule === undefined || office === undefined) return undefined;
  const random = randomOf(account);
  const name = adultName(random, random.percent(50) ? 'female' : 'male');
  const role = rule === 'gly' ? 'admin' : 'operator';
  const authorisations = mayOf(office, role);
  return { account, name, role, office: code, authorisations, verified: true, person: `demo ${account}` };
};

/** A member of the demo staff; undefined where the account belongs to nobody. */
export const demoStaffOf = (account: string, offices: Offices): Staff | undefined =>
  featuredAccounts.find((featured) => featured.account === account) ?? accountByRule(account, offices);

/** Those who may review and register at an office, the featured ones where it has some. */
export const registrarsOf = (office: string, offices: Offices): readonly Staff[] => {
  const featured = featuredAccounts.filter(
    (staff) => staff.office === office && staff.authorisations.includes('register'),
  );
  const byRule = demoStaffOf(`czy-${office}`, offices);
  return featured.length > 0 || byRule === undefined ? featured : [byRule];
};

/** An account as its stream would have it, for staff that stand in no stream. */
export const madeAccount = (
  { account, name, role, office, authorisations, person }: Staff,
  hash: string,
): MadeAccount => ({
  status: 'active',
  account,
  role,
  office,
  lookup: { name: '', idNumber: person, mobile: '' },
  details: { name, idNumber: '', mobile: '' },
  identity: { matches: true, confirmed: true },
  grants: authorisations.map((authorisation) => ({ authorisation })),
  password: { hash, mustChange: false },
  passkeys: [],
});

/** The demo province's accounts, all with `demoPassword`: hashed once, at the first question, and kept in memory. */
export const demoStaff = (offices: Offices): StaffDirectory => {
  let hashing: Promise<string> | undefined;
  const find = async (account: string) => demoStaffOf(account.trim(), offices);
  return {
    find,
    account: async (account) => {
      const staff = await find(account);
      if (staff === undefined) return undefined;
      hashing ??= hashPassword(demoPassword);
      return madeAccount(staff, await hashing);
    },
    identify: async (typed) => typed.trim(),
    nameOf: async (account) => demoStaffOf(account, offices)?.name,
    verify: verifyPassword,
  };
};
