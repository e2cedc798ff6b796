import type { PopulationAnswer } from '#application/population.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { DemoOrganisation } from '../../src/demo/organisations.ts';
import { type Running, startApplication } from './application.ts';
import { declarationOf } from './declarations.ts';
import { type Visitor, visitor } from './managementBrowser.ts';
import { buildSites, type Sites } from './sites.ts';
import { testDirectory } from './staffDirectory.ts';

export const password = 'a password';
const village = '520111004005';

/** A running management site with staff of 贵筑街道, who sign in and find registrations before them. */
export type Scene = {
  app: Running;
  sites: Sites;
  directory: ReturnType<typeof testDirectory>;
  /** A new couple's registration, as it comes in. */
  submitted: (differing?: Partial<RegistrationData>) => Promise<{ id: string; data: RegistrationData }>;
  /** The same, accepted by guizhu-yang. */
  accepted: (differing?: Partial<RegistrationData>) => Promise<{ id: string; data: RegistrationData }>;
  signedIn: (account: string) => Promise<Visitor>;
  close: () => Promise<void>;
};

/** The record of a couple that agrees with what they declare. */
export const recordOf = (data: RegistrationData): Extract<PopulationAnswer, { outcome: 'found' }> => ({
  outcome: 'found',
  record: {
    wife: { ...data.wife, householdDivision: data.wifeHousehold.division },
    husband: { ...data.husband, householdDivision: data.husbandHousehold.division },
    marriage: { certificateNumber: data.marriage.certificateNumber, registeredOn: data.marriage.registeredOn },
    children: data.children.map(({ name, sex, bornOn }) => ({ name, sex, bornOn })),
  },
});

/** The site over the demo's offices in memory, or over organisations that are established. */
export const startScene = async (startAt?: string, establishing?: readonly DemoOrganisation[]): Promise<Scene> => {
  const app = await startApplication(startAt, establishing);
  const directory = testDirectory(password);
  app.services.deps.staff = directory;
  const sites = await buildSites(app);
  const { services } = app;
  let couples = 0;

  const submitted: Scene['submitted'] = async (differing = {}) => {
    couples += 1;
    const id = services.deps.ids();
    const data = { ...declarationOf(village, couples), ...differing };
    const outcome = await services.applicant.submit(id, data, { commandId: services.deps.ids() });
    if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
    return { id, data };
  };
  const accepted: Scene['accepted'] = async (differing) => {
    const made = await submitted(differing);
    const staff = await directory.find('guizhu-yang');
    if (staff === undefined) throw new Error('guizhu-yang is gone');
    const act = { staff, commandId: services.deps.ids(), basedOn: 0 };
    const outcome = await services.staff.accept(made.id, act);
    if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
    return made;
  };
  const signedIn: Scene['signedIn'] = async (account) => {
    const someone = visitor(sites.managementSite);
    await someone.signIn(account, password);
    return someone;
  };
  const close = async () => {
    await sites.close();
    await app.stop();
  };
  return { app, sites, directory, submitted, accepted, signedIn, close };
};
