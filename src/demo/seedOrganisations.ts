import type { Actor } from '#application/actor.ts';
import type { Deps } from '#application/deps.ts';
import { completeOrganisation, establishOrganisation } from '#application/organisationCommands.ts';
import { organisationLevels } from '#domain/organisation/events.ts';
import { type DemoOrganisation, demoOrganisations } from './organisations.ts';
import { demoId } from './random.ts';
import { oldestDay } from './stories.ts';

const atOnce = 64;
const day = 86_400_000;
const platform: Actor = { kind: 'system', name: 'demo' };

/** The admin that an office of the demo has by rule. */
const adminOf = (office: string): Actor => ({ kind: 'staff', account: `gly-${office}`, office });

/** Establishes one and completes its record, as the admins of the demo did. Throws where the demo's own list is wrong. */
const establish = async (deps: Deps, { record, ...organisation }: DemoOrganisation): Promise<void> => {
  const { code, parent } = organisation;
  const commandId = demoId(`organisation|${code}`);
  const actor = parent === '' ? platform : adminOf(parent);
  const made = await establishOrganisation(deps, organisation, { commandId, actor });
  if (made.outcome !== 'done') throw new Error(`Demo organisation ${code}: ${JSON.stringify(made)}`);
  if (record === undefined) return;
  const act = { commandId: demoId(`record|${code}`), actor: adminOf(code) };
  await completeOrganisation(deps, code, record, act);
};

/** So many side by side, in the order of the list. */
const establishAll = async (deps: Deps, all: readonly DemoOrganisation[]): Promise<void> => {
  const queue = all.values();
  const work = async () => {
    for (const organisation of queue) await establish(deps, organisation);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};

/**
 * Establishes the demo's organisations level by level, also over a log from before there were any. Happens once: the last
 * one marks the end, and a seed that was killed goes on. Rejects only where a store cannot answer.
 */
export const seedOrganisations = async (
  deps: Deps,
  all: readonly DemoOrganisation[] = demoOrganisations(deps.divisions),
): Promise<void> => {
  const last = all.at(-1);
  if (last === undefined || (await deps.eventStore.readStream(`organisation-${last.code}`)).length > 0) return;
  // What the demo makes up of the past comes first in its log; into a log that tells of later it is written as of now.
  const empty = (await deps.eventStore.lastPosition()) === 0;
  const then = deps.clock() - 2 * oldestDay * day;
  const telling = empty ? { ...deps, clock: () => then } : deps;
  const others = all.slice(0, -1);
  for (const level of organisationLevels)
    await establishAll(
      telling,
      others.filter((one) => one.level === level),
    );
  await establish(telling, last);
  await deps.awaitViews(['organisation'], await deps.eventStore.lastPosition());
  await deps.offices.refresh();
};
