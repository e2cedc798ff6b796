import type { Deps } from '#application/deps.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { outcomeDueOn } from '#domain/calendar/deadlines.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import { demoPassword, featuredAccounts } from './demo/staff.ts';

const province = '52';

/** What a start prints: where both sites answer and, in the demo, who may sign in. */
export const greetingOf = ({
  publicUrl,
  managementUrl,
  demo,
}: {
  publicUrl: string;
  managementUrl: string;
  demo: boolean;
}): readonly string[] => [
  '',
  `  网上登记 · Public site      ${publicUrl}`,
  `  业务管理 · Management site  ${managementUrl}`,
  ...(demo
    ? [
        '',
        `  演示账号 · Demo accounts (密码 · password ${demoPassword})`,
        ...featuredAccounts.map(({ account, name }) => `    ${account.padEnd(14)} ${name}`),
      ]
    : []),
  '',
];

/** What to do where nobody has an account yet, as at the first start without the demo. */
export const noAccountNote = async ({ viewStore }: Deps): Promise<readonly string[]> => {
  const { rows } = await viewStore.find('account', { index: 'office', equals: [], limit: 1 });
  if (rows.length > 0) return [];
  return [
    '  还没有账号，业务管理网站无人可以登录：请运行 npm run first-admin 建立第一个系统管理员',
    '  Nobody has an account, so nobody can sign in to the management site: run npm run first-admin for the first admin',
    '',
  ];
};

/** A warning where a submission of today would need holidays that nobody has published yet (R12). */
export const unpublishedNote = ({ clock, calendarOf }: Deps): readonly string[] => {
  const today = dayInShanghai(clock());
  const due = outcomeDueOn(today, calendarOf(province), policyOn(today).limits);
  if (due.outcome === 'day') return [];
  const file = `DATA_DIR/holidays/${due.year}.json`;
  return [
    `  ${due.year} 年的节假日安排尚未收录，现在不能受理网上登记：公布后请放入 ${file}`,
    `  The holidays of ${due.year} are not in the calendar, so nothing can be submitted now: put them into ${file}`,
    '',
  ];
};
