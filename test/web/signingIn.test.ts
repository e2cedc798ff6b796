import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import { accountDecider } from '#domain/account/decide.ts';
import { admin } from '../support/accountScene.ts';
import { textOf, type Visitor, valuesOf } from '../support/managementBrowser.ts';
import { type SignInScene, startSignIn } from '../support/signInScene.ts';

const minute = 60_000;
const next = 'a lantern over water';
let scene: SignInScene;

beforeAll(async () => {
  scene = await startSignIn();
});
beforeEach(() => scene.demand('nobody'));
afterAll(() => scene.close());

const whereTo = ({ headers, statusCode }: Awaited<ReturnType<Visitor['get']>>) => [statusCode, headers.location];

const secretShown = async (someone: Visitor): Promise<string> =>
  /<code class="secret">([^<]+)</.exec((await someone.get('/security/app')).body)?.[1] ?? '';

/** Sets up the app for whoever is signed in: the secret, the recovery codes, and the answer to the code. */
const enrolled = async (someone: Visitor, to = '/') => {
  const page = await someone.get(`/security/app?${new URLSearchParams({ to })}`);
  const secret = /<code class="secret">([^<]+)</.exec(page.body)?.[1] ?? '';
  const answer = await someone.post('/security/app', { code: scene.codeOf(secret), to });
  const codes = [...(await someone.get('/security/codes')).body.matchAll(/<li><code>([^<]+)</g)].map(
    ([, one]) => one ?? '',
  );
  scene.clock.now += minute;
  return { secret, codes, answer };
};

describe('the first sign-in with an issued password', () => {
  test('leads to a password of one’s own and to nothing else', async () => {
    const { account, password } = await scene.issued();
    const someone = scene.computer();
    expect(whereTo(await someone.signIn(account, password, '/search'))).toEqual([
      303,
      '/sign-in/new-password?to=%2Fsearch',
    ]);
    for (const path of ['/', '/search', '/security', '/security/app', '/sign-in/again']) {
      expect((await someone.get(path)).headers.location).toMatch(/^\/sign-in\/new-password/);
    }
    const page = await someone.get('/sign-in/new-password?to=%2Fsearch');
    expect(textOf(page)).toContain('请设置您自己的密码');
    expect((await someone.post('/search', { q: 'x' })).headers.location).toMatch(/^\/sign-in\/new-password/);
    const changed = await someone.post('/sign-in/new-password', { next, again: next, to: '/search' });
    expect(whereTo(changed)).toEqual([303, '/search']);
    expect((await someone.get('/search')).statusCode).toBe(200);
    expect((await scene.computer().signIn(account, password)).statusCode).toBe(401);
    expect(whereTo(await scene.computer().signIn(account, next))).toEqual([303, '/']);
  });

  test.each([
    ['short', 'short', '至少 12 个字符'],
    ['password2026!', 'password2026!', '太常见'],
    ['woaini-1314520', 'woaini-1314520', '容易被猜到'],
    ['guizhu-jiedao-banshichu', 'guizhu-jiedao-banshichu', '认识您的人容易猜到'],
    [next, 'another lantern', '不一样'],
  ])('says what is wrong with %j', async (chosen, again, told) => {
    const { account, password } = await scene.issued();
    const someone = scene.computer();
    await someone.signIn(account, password);
    await someone.get('/sign-in/new-password');
    const refused = await someone.post('/sign-in/new-password', { next: chosen, again });
    expect(refused.statusCode).toBe(400);
    expect(textOf(refused)).toContain(told);
    expect((await someone.get('/')).headers.location).toMatch(/new-password/);
  });

  test('takes the issued password however it was read off its slip, and one’s own only as it is', async () => {
    const { account, password } = await scene.issued();
    expect((await scene.computer().signIn(account, password.toLowerCase().replaceAll('-', ' '))).statusCode).toBe(303);
    const own = await scene.settled();
    expect((await scene.computer().signIn(own.account, own.password.toUpperCase())).statusCode).toBe(401);
  });

  test('refuses to keep the issued password', async () => {
    const { account, password } = await scene.issued();
    const someone = scene.computer();
    await someone.signIn(account, password);
    await someone.get('/sign-in/new-password');
    const refused = await someone.post('/sign-in/new-password', { next: password, again: password });
    expect(textOf(refused)).toContain('与现在的密码相同');
  });
});

describe('a change of one’s own password', () => {
  test('asks for the old one, gives a new token and ends every other session', async () => {
    const { account, password } = await scene.settled();
    const [here, elsewhere] = [scene.computer(), scene.computer('192.0.2.7')];
    await here.signIn(account, password);
    await elsewhere.signIn(account, password);
    await here.get('/security/password');
    const wrong = await here.post('/security/password', { old: 'not this one', next, again: next });
    expect(textOf(wrong)).toContain('现在的密码不对');
    const before = here.cookies.get('management-session');
    const changed = await here.post('/security/password', { old: password, next, again: next });
    expect(whereTo(changed)).toEqual([303, '/security?done=password']);
    expect(here.cookies.get('management-session')).not.toBe(before);
    expect((await here.get('/')).statusCode).toBe(200);
    expect((await elsewhere.get('/')).statusCode).toBe(303);
    const old = scene.computer();
    old.cookies.set('management-session', before ?? '');
    expect((await old.get('/')).statusCode).toBe(303);
  });
});

describe('the authenticator app', () => {
  test('is demanded of admins before any business, where it is so set, and of operators where it is', async () => {
    scene.demand('admins');
    const [gly, czy] = [await scene.settled('admin'), await scene.settled('operator')];
    const someone = scene.computer();
    expect(whereTo(await someone.signIn(gly.account, gly.password, '/search'))).toEqual([
      303,
      '/security/app?to=%2Fsearch',
    ]);
    expect((await someone.get('/search')).headers.location).toBe('/security/app?to=%2Fsearch');
    expect((await someone.get('/security')).headers.location).toMatch(/^\/security\/app/);
    expect(whereTo(await scene.computer().signIn(czy.account, czy.password))).toEqual([303, '/']);
    scene.demand('everyone');
    expect((await scene.computer().signIn(czy.account, czy.password)).headers.location).toMatch(/^\/security\/app/);
    const { answer, secret } = await enrolled(someone, '/search');
    expect(whereTo(answer)).toEqual([303, '/security/codes?to=%2Fsearch']);
    await someone.get('/security/codes?to=%2Fsearch');
    expect(whereTo(await someone.post('/security/codes/kept', { to: '/search' }))).toEqual([303, '/search']);
    expect((await someone.get('/search')).statusCode).toBe(200);
    expect((await someone.get('/security/codes')).headers.location).toBe('/security');
    scene.clock.now += 60_000;
    expect((await someone.get('/security/app/remove')).statusCode).toBe(200);
    const refused = await someone.post('/security/app/remove', { proof: scene.codeOf(secret) });
    expect(whereTo(refused)).toEqual([303, '/security?done=demanded']);
  });

  test('is given up by a code of it alone, however fresh the sign-in is', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const { secret } = await enrolled(someone);
    scene.clock.now += 60_000;
    expect((await someone.get('/security')).body).not.toContain('action="/security/app/remove"');
    expect(textOf(await someone.get('/security/app/remove'))).toContain('所有恢复码同时作废');
    expect((await someone.post('/security/app/remove', { proof: '000000' })).statusCode).toBe(401);
    expect((await someone.post('/security/app/remove')).statusCode).toBe(400);
    expect(textOf(await someone.get('/security'))).toContain('动态验证码 已启用');
    const removed = await someone.post('/security/app/remove', { proof: scene.codeOf(secret) });
    expect(whereTo(removed)).toEqual([303, '/security?done=appRemoved']);
    expect(textOf(await someone.get('/security'))).toContain('动态验证码 未启用');
  });

  test('has a secret of its own in each session: whoever came in by the password learns nothing of it', async () => {
    const { account, password } = await scene.settled();
    const [owner, thief] = [scene.computer(), scene.computer('192.0.2.9')];
    await owner.signIn(account, password);
    await thief.signIn(account, password);
    const [own, stolen] = [await secretShown(owner), await secretShown(thief)];
    expect(stolen).not.toBe(own);
    expect(await secretShown(owner)).toBe(own);
    expect((await owner.post('/security/app', { code: scene.codeOf(stolen) })).statusCode).toBe(400);
    expect((await owner.post('/security/app', { code: scene.codeOf(own) })).statusCode).toBe(303);
    expect((await owner.get('/')).statusCode).toBe(200);
    expect((await thief.get('/')).headers.location).toMatch(/^\/sign-in\?/);
  });

  test('is asked for at every sign-in, each code once, and nothing is open before', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const { secret } = await enrolled(someone);
    const again = scene.computer();
    expect(whereTo(await again.signIn(account, password, '/search'))).toEqual([303, '/sign-in/code?to=%2Fsearch']);
    expect((await again.get('/search')).headers.location).toBe('/sign-in/code?to=%2Fsearch');
    expect((await again.get('/security')).headers.location).toMatch(/^\/sign-in\/code/);
    expect(again.cookies.has('management-device')).toBe(false);
    await again.get('/sign-in/code?to=%2Fsearch');
    const before = again.cookies.get('management-session');
    const code = scene.codeOf(secret);
    expect((await again.post('/sign-in/code', { code: '000000', to: '/search' })).statusCode).toBe(401);
    expect(
      whereTo(await again.post('/sign-in/code', { code: ` ${code.slice(0, 3)} ${code.slice(3)}`, to: '/search' })),
    ).toEqual([303, '/search']);
    expect(again.cookies.get('management-session')).not.toBe(before);
    const thief = scene.computer('198.51.100.9');
    await thief.signIn(account, password);
    await thief.get('/sign-in/code');
    const replayed = await thief.post('/sign-in/code', { code });
    expect(replayed.statusCode).toBe(401);
    expect(textOf(replayed)).toContain('已经用过');
  });

  test('gives way to a recovery code, once, and to no old one after new ones were made', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const { codes } = await enrolled(someone);
    expect(new Set(codes).size).toBe(10);
    const comesBack = async (code: string) => {
      const again = scene.computer();
      await again.signIn(account, password);
      await again.get('/sign-in/code');
      return (await again.post('/sign-in/code', { code })).statusCode;
    };
    expect(await comesBack(codes[0]?.toLowerCase().replaceAll('-', ' ') ?? '')).toBe(303);
    expect(await comesBack(codes[0] ?? '')).toBe(401);
    expect(textOf(await someone.get('/security'))).toContain('恢复码还剩 9 个');
    await someone.post('/security/codes/new');
    expect(await comesBack(codes[1] ?? '')).toBe(401);
    const stream = await scene.services.deps.eventStore.readStream(`account-${account}`);
    expect(JSON.stringify(stream)).not.toContain(codes[1]);
  });

  test.each(['', '12345', '1234567', '𝅘𝅥𝅮', 'ABCDEF', '１２３４５６'])('is not set up by %j', async (code) => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    await someone.get('/security/app');
    const refused = await someone.post('/security/app', { code });
    expect([refused.statusCode, textOf(refused).includes('数字不对')]).toEqual([400, true]);
  });

  test('slows down whoever guesses codes', async () => {
    const { account, password } = await scene.settled();
    const owner = scene.computer('192.0.2.1');
    await owner.signIn(account, password);
    const { secret } = await enrolled(owner);
    const thief = scene.computer('203.0.113.9');
    await thief.signIn(account, password);
    await thief.get('/sign-in/code');
    for (let tries = 0; tries < 4; tries += 1) await thief.post('/sign-in/code', { code: '000000' });
    expect((await thief.post('/sign-in/code', { code: '000000' })).statusCode).toBe(429);
    expect((await thief.post('/sign-in/code', { code: scene.codeOf(secret) })).statusCode).toBe(429);
    await owner.signIn(account, password);
    await owner.get('/sign-in/code');
    expect((await owner.post('/sign-in/code', { code: scene.codeOf(secret) })).statusCode).toBe(303);
  });
});

describe('guessing passwords', () => {
  test('locks the guesser out, not the person on a computer that is known, nor one elsewhere', async () => {
    const { account, password } = await scene.settled();
    const office = scene.computer('192.0.2.1');
    await office.signIn(account, password);
    await office.get('/');
    await office.post('/sign-out');
    const insider = scene.computer('192.0.2.1');
    for (let tries = 0; tries < 5; tries += 1) await insider.signIn(account, 'a wrong guess');
    expect((await insider.signIn(account, password)).statusCode).toBe(429);
    expect((await office.signIn(account, password)).statusCode).toBe(303);
    expect((await scene.computer('192.0.2.200').signIn(account, password)).statusCode).toBe(303);
  });

  test('from many places at once is only paced, and never locks a known computer', async () => {
    const { account, password } = await scene.settled();
    const known = scene.computer('192.0.2.1');
    await known.signIn(account, password);
    for (let n = 0; n < 45; n += 1) await scene.computer(`198.51.100.${n}`).signIn(account, 'a wrong guess');
    expect((await scene.computer('203.0.113.1').signIn(account, password)).statusCode).toBe(429);
    expect((await known.signIn(account, password)).statusCode).toBe(303);
    scene.clock.now += minute;
    expect((await scene.computer('203.0.113.2').signIn(account, password)).statusCode).toBe(303);
  });

  test('does the same work for an account that does not exist, is disabled, or is someone’s', async () => {
    const { account } = await scene.settled();
    const verified: (string | undefined)[] = [];
    const { verify } = scene.staff;
    scene.staff.verify = async (typed, hash) => {
      verified.push(hash);
      return verify(typed, hash);
    };
    const wrong = await scene.computer('192.0.2.50').signIn(account, 'a wrong guess');
    const absent = await scene.computer('192.0.2.51').signIn('nobody-at-all', 'a wrong guess');
    scene.staff.verify = verify;
    expect(verified.map((hash) => hash !== undefined)).toEqual([true, false]);
    const told = (response: typeof wrong) => textOf(response).replace(account, '').replace('nobody-at-all', '');
    expect(valuesOf(absent, 'account')).toEqual(['nobody-at-all']);
    expect([absent.statusCode, told(absent)]).toEqual([wrong.statusCode, told(wrong)]);
  });
});

describe('sessions', () => {
  test('are listed for their owner, and end one by one or all but this', async () => {
    const { account, password } = await scene.settled();
    const [here, there, third] = ['192.0.2.1', '198.51.100.4', '203.0.113.4'].map((address) => scene.computer(address));
    for (const one of [third, there, here]) await one?.signIn(account, password);
    const page = await here?.get('/security');
    expect(page && textOf(page)).toMatch(/192\.0\.0\.0\/16.*203\.0\.0\.0\/16/);
    const ids = page ? valuesOf(page, 'which') : [];
    expect(ids).toHaveLength(4);
    expect(page?.body).not.toContain(there?.cookies.get('management-session')?.slice(-30) ?? 'x');
    await here?.post('/security/sessions/end', { which: 'others' });
    expect((await there?.get('/'))?.statusCode).toBe(303);
    expect((await third?.get('/'))?.statusCode).toBe(303);
    expect((await here?.get('/'))?.statusCode).toBe(200);
  });

  test('of someone else cannot be ended by their id', async () => {
    const [one, other] = [await scene.settled(), await scene.settled()];
    const [mine, theirs] = [scene.computer(), scene.computer()];
    await mine.signIn(one.account, one.password);
    await theirs.signIn(other.account, other.password);
    const [id = ''] = valuesOf(await theirs.get('/security'), 'which');
    await mine.get('/security');
    await mine.post('/security/sessions/end', { which: id });
    expect((await theirs.get('/')).statusCode).toBe(200);
  });

  test('never come back after an admin disabled the account, even where it is enabled again', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const gly = admin('520111004');
    await scene.services.accounts.disable(account, scene.act(gly), '离岗');
    expect((await someone.get('/')).statusCode).toBe(303);
    await scene.services.accounts.enable(account, scene.act(gly));
    expect((await someone.get('/')).statusCode).toBe(303);
    expect((await someone.signIn(account, password)).statusCode).toBe(303);
  });

  test('ask again who sits there before what is delicate, once the proof is older than ten minutes', async () => {
    const { account, password } = await scene.settled('admin');
    const someone = scene.computer();
    await someone.signIn(account, password);
    await someone.get('/security');
    scene.clock.now += 11 * minute;
    for (const path of ['/security', '/people/new', '/people/roster']) {
      const asked = `/sign-in/again?${new URLSearchParams({ to: path })}`;
      expect(whereTo(await someone.get(path))).toEqual([303, asked]);
    }
    expect((await someone.get('/people')).statusCode).toBe(200);
    const others = { which: 'others' };
    expect((await someone.post('/security/sessions/end', others)).headers.location).toBe('/security?done=sessions');
    scene.clock.now += 20 * minute;
    const late = await someone.post('/security/sessions/end', others);
    expect(whereTo(late)).toEqual([303, '/sign-in/again?to=%2Fsecurity']);
    await someone.get('/sign-in/again?to=%2Fsecurity');
    expect((await someone.post('/sign-in/again', { proof: 'wrong', to: '/security' })).statusCode).toBe(401);
    expect(whereTo(await someone.post('/sign-in/again', { proof: password, to: '/security' }))).toEqual([
      303,
      '/security',
    ]);
    expect((await someone.get('/security')).statusCode).toBe(200);
  });

  test('ask for the passkey, and take no password, where the password alone lets nobody in', async () => {
    const { account, password } = await scene.settled('admin');
    const someone = scene.computer();
    await someone.signIn(account, password);
    const { deps } = scene.services;
    const passkey = { credential: 'one', publicKey: 'key', counter: 0, transports: [], label: '手机' };
    const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
    await handleCommand(deps, accountDecider, account, { type: 'AddPasskey', ...passkey }, act);
    scene.clock.now += 11 * minute;
    const open = await someone.get('/sign-in/again');
    expect(open.body).toContain('name="proof"');
    scene.demand('admins');
    const asked = await someone.get('/sign-in/again');
    expect(asked.body).not.toContain('name="proof"');
    expect(asked.body).toContain('/sign-in/passkey');
    expect((await someone.post('/sign-in/again', { proof: password })).statusCode).toBe(401);
    expect((await someone.get('/people/new')).headers.location).toMatch(/^\/sign-in\/again/);
  });
});
