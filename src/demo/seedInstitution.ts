import type { Deps } from '#application/deps.ts';
import { load } from '#application/handleCommand.ts';
import { registrationRow } from '#application/opened.ts';
import { createServices, type Services } from '#application/services.ts';
import { addDays, dayInShanghai } from '#domain/calendar/day.ts';
import { checkDecider } from '#domain/check/decide.ts';
import type { WomanTold } from '#domain/check/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { registrationIdOf } from './acts.ts';
import { demoCouples } from './demoCouples.ts';
import { demoId } from './random.ts';
import { demoStaffOf } from './staff.ts';
import { seedStories } from './stories.ts';

const focus = '520111004';
const nurse = 'huaxi-yiyuan';
const births = 5;
const patience = 50;

/** Its number, which a reaction issues soon after the registration; undefined where it does not come. */
const certificateOf = async (deps: Deps, id: string): Promise<string | undefined> => {
  for (let tries = 0; tries < patience; tries += 1) {
    const row = await registrationRow(deps, id);
    if (row?.certificate !== undefined || (row !== undefined && row.status !== 'registered')) return row.certificate;
    await deps.wait(100);
  }
  return undefined;
};

/** Single births, and twins once. */
const annotate = async (services: Services, id: string, n: number): Promise<void> => {
  const { deps, institutions } = services;
  const staff = demoStaffOf(nurse, deps.offices);
  const certificate = await certificateOf(deps, id);
  if (staff === undefined || certificate === undefined) return;
  const bornOn = addDays(dayInShanghai(deps.clock()), -1 - (n % 2));
  const child = { bornOn, sex: n % 2 === 0 ? 'female' : 'male', outcome: 'live' } as const;
  const children = n === 1 ? [child, { ...child, sex: 'female' } as const] : [child];
  const act = { staff, commandId: demoId(`birth|${id}`) };
  const done = await institutions.annotate(id, act, { certificate, children });
  const told = done.outcome === 'rejected' ? done.rejection.type : done.outcome;
  if (!['done', 'alreadyAnnotated', 'untimely', 'otherCertificate'].includes(told))
    throw new Error(`Demo birth: ${told}`);
};

/** One check by her ID number, and what she was told then. */
const check = async (services: Services, { wife }: RegistrationData, how?: WomanTold['data']['how']): Promise<void> => {
  const { deps, institutions } = services;
  const staff = demoStaffOf(nurse, deps.offices);
  const id = demoId(`check|${wife.idNumber}`);
  if (staff === undefined || (await load(deps, checkDecider, id)).events.length > 0) return;
  await institutions.check(staff, { staff, commandId: id }, { by: 'idNumber', text: wife.idNumber });
  if (how === undefined) return;
  const act = { staff, commandId: demoId(`told|${wife.idNumber}`) };
  await institutions.tell(staff, id, act, { how, ...(how === 'leaflet' && { office: focus }) });
};

/**
 * Lets the hospital of 花溪区 annotate some births, and check and tell women (M1, M2). Happens once: a seed that was killed
 * goes on where it stood. Rejects only where a store cannot answer.
 */
export const seedInstitution = async (deps: Deps): Promise<void> => {
  const services = createServices(deps);
  const registered = seedStories(deps.divisions).stories.filter(
    ({ data, steps }) => data.declaration.place === focus && steps.at(-1)?.act === 'register',
  );
  for (const [n, story] of registered.slice(-births).entries()) await annotate(services, registrationIdOf(story, 0), n);
  for (const { data } of registered.slice(0, 2)) await check(services, data);
  const [first, second] = demoCouples;
  if (first !== undefined) await check(services, first.data, 'leaflet');
  if (second !== undefined) await check(services, second.data, 'spoken');
};
