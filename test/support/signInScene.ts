import { Secret, TOTP } from 'otpauth';
import { handleCommand } from '#application/handleCommand.ts';
import type { Role } from '#domain/account/authorisations.ts';
import { accountDecider } from '#domain/account/decide.ts';
import type { SecondFactorPolicy } from '#domain/account/signInStage.ts';
import { type AccountScene, admin, someone, startAccounts } from './accountScene.ts';
import { type Visitor, visitor } from './managementBrowser.ts';
import { buildSites, type Sites } from './sites.ts';

const office = '520111004';
const goodPassword = 'seven quiet herons';

/** A management site whose staff are accounts of the log, with what they sign in with. */
export type SignInScene = AccountScene & {
  sites: Sites;
  /** A new account with the password an admin issued, still to be changed. */
  issued: (role?: Role) => Promise<{ account: string; password: string }>;
  /** A new account that has chosen its own password. */
  settled: (role?: Role) => Promise<{ account: string; password: string }>;
  /** Someone at a computer of their own, at an address of their own. */
  computer: (address?: string) => Visitor;
  /** What an app with this secret shows now. */
  codeOf: (secret: string) => string;
  demand: (policy: SecondFactorPolicy) => void;
  close: () => Promise<void>;
};

export const startSignIn = async (): Promise<SignInScene> => {
  const scene = await startAccounts();
  const sites = await buildSites(scene);
  const { deps, accounts } = scene.services;
  let people = 0;

  const issued: SignInScene['issued'] = async (role = 'operator') => {
    people += 1;
    const above = role === 'operator' ? office : '520111';
    const account = await scene.registered(
      admin(above),
      someone(office, people, { role, grants: [{ authorisation: 'review' }] }),
      true,
    );
    const reset = await accounts.resetPassword(account, scene.act(admin(above)), false);
    if (reset.password === undefined) throw new Error(JSON.stringify(reset));
    return { account, password: reset.password };
  };
  const settled: SignInScene['settled'] = async (role) => {
    const { account } = await issued(role);
    const passwordHash = await deps.signIn.hashPassword(goodPassword);
    const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
    await handleCommand(deps, accountDecider, account, { type: 'ChangePassword', passwordHash }, act);
    return { account, password: goodPassword };
  };
  return {
    ...scene,
    sites,
    issued,
    settled,
    computer: (address) => visitor(sites.managementSite, address),
    codeOf: (secret) =>
      TOTP.generate({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), timestamp: scene.clock.now }),
    demand: (policy) => {
      deps.signIn = { ...deps.signIn, secondFactor: policy };
    },
    close: async () => {
      await sites.close();
      await scene.stop();
    },
  };
};
