import { z } from 'zod';
import type { PopulationSystem } from '#application/population.ts';
import { isDay } from '#domain/calendar/day.ts';
import { askJson, type Patience } from '../askJson.ts';

/** Where the two systems stand, and how long an answer may take in all, in ms. */
export type PopulationSystemOptions = Patience & { pisUrl: string; exchangeUrl: string };

const text = z.string().max(100);
const day = z.string().refine(isDay);
const person = z.object({ name: text, idNumber: text, householdDivision: z.string().regex(/^\d{0,12}$/) });
const answerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('absent') }),
  z.object({
    outcome: z.literal('found'),
    record: z.object({
      wife: person,
      husband: person,
      marriage: z.object({ certificateNumber: text, registeredOn: day }).exactOptional(),
      children: z.array(z.object({ name: text, sex: z.enum(['female', 'male']), bornOn: day })).max(30),
    }),
  }),
]);

const asked = ({ name, idNumber }: { name: string; idNumber: string }) => ({ name, idNumber });

/** Asks the population systems over HTTP: `POST <url>/couples/lookup`, with `unreachable` for all that `askJson` calls so. */
export const httpPopulationSystem = ({
  pisUrl,
  exchangeUrl,
  ...patience
}: PopulationSystemOptions): PopulationSystem => {
  const ask = askJson(answerSchema, patience);
  const urls = { pis: `${pisUrl}/couples/lookup`, exchange: `${exchangeUrl}/couples/lookup` };
  return { lookUp: (source, { wife, husband }) => ask(urls[source], { wife: asked(wife), husband: asked(husband) }) };
};
