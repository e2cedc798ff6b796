import type { Deps } from '#application/deps.ts';
import type { Divisions } from '#application/divisions.ts';
import { startIdentitySandbox } from '#infrastructure/identity/sandbox.ts';
import { startSandbox } from '#infrastructure/population/sandbox.ts';
import { demoCouples } from './demoCouples.ts';
import { demoOrganisations } from './organisations.ts';
import { type SeedProgress, seed } from './seed.ts';
import { seedAccounts } from './seedAccounts.ts';
import { seedInstitution } from './seedInstitution.ts';
import { seedOrdinary } from './seedOrdinary.ts';
import { seedOrganisations } from './seedOrganisations.ts';
import { seedStock } from './seedStock.ts';
import { demoAccounts } from './staff.ts';
import { seedStories } from './stories.ts';

/** The made-up world around the demo province: systems that know its couples and its staff, and its history. */
export type Demo = {
  pisUrl: string;
  exchangeUrl: string;
  identityUrl: string;
  /** Couples that nobody has registered yet, one per scenario. */
  couples: typeof demoCouples;
  /** Fills an empty log, or goes on where an earlier start was stopped. */
  seed: (deps: Deps, onProgress: SeedProgress) => Promise<void>;
  close: () => Promise<void>;
};

/** The staff as the register knows them: one under another name than the office wrote down. */
const registeredPeople = (divisions: Divisions) =>
  demoAccounts(demoOrganisations(divisions)).map(({ details: { name, idNumber }, tells }) => ({
    name: tells === 'differs' ? `${name.slice(0, -1)}霖` : name,
    idNumber,
  }));

/**
 * Starts the sandboxes of the outside systems on free ports of 127.0.0.1. `divisions` are those of the list alone: the stories are
 * the same at every start, whatever was established since.
 */
export const openDemo = async (divisions: Divisions): Promise<Demo> => {
  const { stories, last } = seedStories(divisions);
  const { pisUrl, exchangeUrl, close } = await startSandbox({ couples: [...stories, last, ...demoCouples] });
  const register = await startIdentitySandbox({ people: () => registeredPeople(divisions), knowsOthers: true });
  return {
    pisUrl,
    exchangeUrl,
    identityUrl: register.identityUrl,
    couples: demoCouples,
    seed: async (platform, onProgress) => {
      const deps = { ...platform, divisions };
      await seedOrganisations(deps);
      await seedAccounts(deps, onProgress);
      await seedStock(deps);
      await seed({ deps, onProgress });
      await seedOrdinary(deps);
      await seedInstitution(deps);
    },
    close: async () => {
      await register.close();
      await close();
    },
  };
};
