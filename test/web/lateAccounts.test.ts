import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf, textOf } from '../support/managementBrowser.ts';
import { type SignInScene, startSignIn } from '../support/signInScene.ts';

let scene: SignInScene;
beforeAll(async () => {
  scene = await startSignIn();
  scene.demand('nobody');
});
afterAll(() => scene.close());

/** As where the view of accounts is behind: nobody can say that an act is in force. */
const behind = async <T>(act: () => Promise<T>): Promise<T> => {
  const { deps } = scene.services;
  const { awaitViews } = deps;
  deps.awaitViews = async (...asked) => (await awaitViews(...asked)) && !asked[0].includes('account');
  try {
    return await act();
  } finally {
    deps.awaitViews = awaitViews;
  }
};

describe('an act on an account while the view of accounts is behind', () => {
  test('is told as recorded and not as in force', async () => {
    const gly = await scene.settled('admin');
    const { account } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(gly.account, gly.password);
    const path = `/people/${account}/disable`;
    const form = { ...formOf(await someone.get(path), path), reason: '离岗' };
    const answer = await behind(() => someone.post(path, form));
    expect(answer.headers.location).toBe(`/people/${account}?done=late`);
    const told = textOf(await someone.get(String(answer.headers.location)));
    expect(told).toContain('尚未生效');
    expect(told).not.toContain('已退出');
  });

  test('is accepted, not done, for programs', async () => {
    const gly = await scene.settled('admin');
    const { account } = await scene.settled();
    const { managementSite } = scene.sites;
    const entered = await managementSite.inject({ method: 'POST', url: '/api/v1/session', payload: gly });
    const authorization = `Bearer ${entered.json<{ token: string }>().token}`;
    const url = `/api/v1/accounts/${account}`;
    const { etag } = (await managementSite.inject({ url, headers: { authorization } })).headers;
    const withdraw = (headers: object) =>
      managementSite.inject({
        method: 'POST',
        url: `${url}/grants`,
        headers: { authorization, ...headers },
        payload: { withdraw: ['review'] },
      });
    expect((await behind(() => withdraw({ 'if-match': etag }))).statusCode).toBe(202);
  });
});
