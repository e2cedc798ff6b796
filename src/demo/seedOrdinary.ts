import type { Deps } from '#application/deps.ts';
import { load } from '#application/handleCommand.ts';
import { createServices } from '#application/services.ts';
import { ordinaryDecider } from '#domain/certificate/ordinary.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { registrationIdOf } from './acts.ts';
import { demoId } from './random.ts';
import { demoStaffOf } from './staff.ts';
import { type Story, seedStories } from './stories.ts';

const focus = '520111004';
const clerk = 'guizhu-yang';
const later = 20 * 60_000;
const most = 12;

/** Issues one to the wife, soon after she was registered; of a child for whom none are printed, none. */
const issue = async (deps: Deps, { data }: Story, id: string): Promise<void> => {
  const { state, events } = await load(deps, registrationDecider, id);
  const last = events.at(-1);
  const staff = demoStaffOf(clerk, deps.offices);
  if (state.status !== 'registered' || last === undefined || staff === undefined) return;
  const at = Math.min(deps.clock(), Date.parse(last.meta.at) + later);
  const { ordinary } = createServices({ ...deps, clock: () => at, awaitViews: async () => true });
  const bearer = { document: 'idCard', name: data.wife.name, documentNumber: data.wife.idNumber } as const;
  const issued = await ordinary.issueOrdinary(id, { staff, commandId: demoId(`ordinary|${id}`) }, { bearer });
  const told = issued.outcome === 'rejected' ? issued.rejection.type : issued.outcome;
  if (!['done', 'issued', 'notPrinted', 'outOfStock'].includes(told)) throw new Error(`Demo ordinary: ${told}`);
};

/**
 * Issues ordinary certificates at 贵筑街道 (C3), so that its stock has a use to forecast from. Happens once: a seed that was
 * killed goes on where it stood. Rejects only where a store cannot answer.
 */
export const seedOrdinary = async (deps: Deps): Promise<void> => {
  const registered = seedStories(deps.divisions).stories.filter(
    ({ data, steps }) => data.declaration.place === focus && steps.at(-1)?.act === 'register',
  );
  for (const story of registered.slice(0, most)) {
    const id = registrationIdOf(story, 0);
    if ((await load(deps, ordinaryDecider, id)).events.length === 0) await issue(deps, story, id);
  }
};
