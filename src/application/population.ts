import type { PopulationRecord } from '#domain/registration/compare.ts';

/** Whom a look-up asks for. */
export type PopulationQuery = {
  wife: { name: string; idNumber: string };
  husband: { name: string; idNumber: string };
};

/** What a population system answers; a bounded time without a usable answer is `unreachable`. */
export type PopulationAnswer =
  | { outcome: 'found'; record: PopulationRecord }
  | { outcome: 'absent' }
  | { outcome: 'unreachable'; reason: 'timeout' | 'refused' | 'malformed' };

/** The province's population system (PIS) and the exchange platform for people from outside (§3.1.1(3)). */
export type PopulationSystem = {
  lookUp: (source: 'pis' | 'exchange', query: PopulationQuery) => Promise<PopulationAnswer>;
};
