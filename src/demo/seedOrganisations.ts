import type { Actor } from '#application/actor.ts';
import type { Deps } from '#application/deps.ts';
import { handleCommand } from '#application/handleCommand.ts';
import { completeOrganisation, establishOrganisation } from '#application/organisationCommands.ts';
import { organisationDecider } from '#domain/organisation/decide.ts';
import { organisationLevels } from '#domain/organisation/events.ts';
import { type DemoOrganisation, demoOrganisations } from './organisations.ts';
import { demoId } from './random.ts';
import { oldestDay } from './stories.ts';

const atOnce = 64;
const day = 86_400_000;
const daysToRename = 9;
const platform: Actor = { kind: 'system', name: 'demo' };

/** The admin that an office of the demo has by rule. */
const adminOf = (office: string): Actor => ({ kind: 'staff', account: `gly-${office.toLowerCase()}`, office });

/** Establishes one and completes its record, as the admins of the demo did. Throws where the demo's own list is wrong. */
const establish = async (deps: Deps, { record, formerName, ...organisation }: DemoOrganisation): Promise<void> => {
  const { code, parent, name } = organisation;
  const act = { commandId: demoId(`organisation|${code}`), actor: parent === '' ? platform : adminOf(parent) };
  const made = await establishOrganisation(deps, { ...organisation, name: formerName ?? name }, act);
  if (made.outcome !== 'done') throw new Error(`Demo organisation ${code}: ${JSON.stringify(made)}`);
  if (record === undefined) return;
  await completeOrganisation(deps, code, record, { commandId: demoId(`record|${code}`), actor: adminOf(code) });
};

/** Gives those that had another name before the one they have now. */
const rename = async (deps: Deps, all: readonly DemoOrganisation[]): Promise<void> => {
  for (const { code, parent, name } of all.filter(({ formerName }) => formerName !== undefined)) {
    const act = { commandId: demoId(`rename|${code}`), actor: adminOf(parent) };
    await handleCommand(deps, organisationDecider, code, { type: 'Rename', name }, act);
  }
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
  const telling = (days: number): Deps => (empty ? { ...deps, clock: () => then + days * day } : deps);
  const others = all.slice(0, -1);
  for (const level of organisationLevels) {
    const there = others.filter((one) => one.level === level);
    await establishAll(telling(0), there);
  }
  await rename(telling(daysToRename), all);
  await establish(telling(daysToRename), last);
  await deps.awaitViews(['organisation'], await deps.eventStore.lastPosition());
  await deps.offices.refresh();
};
