import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PopulationAnswer, PopulationSystem } from '#application/population.ts';
import { compare, sourceFor } from '#domain/registration/compare.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { SandboxCouple, Scenario } from '#infrastructure/population/sandboxRecord.ts';

/** An adapter before systems that know the couples, and the same with little patience: its bound is soon over. */
export type UnderContract = { system: PopulationSystem; impatient: PopulationSystem; stop: () => Promise<void> };

const asked = ({ wife, husband }: RegistrationData) => ({ wife, husband });

const differences = (data: RegistrationData, answer: PopulationAnswer): readonly string[] | string =>
  answer.outcome === 'found'
    ? compare(data, answer.record)
        .filter((line) => !line.agrees)
        .map((line) => line.field)
    : answer.outcome;

/** What every adapter of the port must do, whatever answers behind it. */
export const populationSystemContract = (
  name: string,
  couples: readonly SandboxCouple[],
  start: (couples: readonly SandboxCouple[]) => Promise<UnderContract>,
): void => {
  const dataOf = (scenario: Scenario): RegistrationData => {
    const couple = couples.find((one) => one.scenario === scenario);
    if (couple === undefined) throw new Error(`No couple is ${scenario}.`);
    return couple.data;
  };

  describe(`${name} as a population system`, () => {
    let running: UnderContract;
    beforeAll(async () => {
      running = await start(couples);
    });
    afterAll(() => running.stop());

    const lookUp = (scenario: Scenario, by: PopulationSystem = running.system) => {
      const data = dataOf(scenario);
      return by.lookUp(sourceFor(data), asked(data));
    };

    test.each<[Scenario, readonly string[] | string]>([
      ['matches', []],
      ['nameDiffers', ['wife.name']],
      ['marriageDateDiffers', ['marriage.registeredOn']],
      ['undeclaredChild', ['children.0']],
      ['outsideProvince', []],
      ['absent', 'absent'],
    ])('answers for a couple that is “%s”', async (scenario, expected) => {
      expect(differences(dataOf(scenario), await lookUp(scenario))).toEqual(expected);
    });

    test('knows couples from outside on the exchange platform only, all others in PIS only', async () => {
      const outside = await running.system.lookUp('pis', asked(dataOf('outsideProvince')));
      const inside = await running.system.lookUp('exchange', asked(dataOf('matches')));
      expect([outside, inside]).toEqual([{ outcome: 'absent' }, { outcome: 'absent' }]);
    });

    test('knows a couple by both, not one of them with somebody else', async () => {
      const query = { wife: dataOf('matches').wife, husband: dataOf('nameDiffers').husband };
      expect(await running.system.lookUp('pis', query)).toEqual({ outcome: 'absent' });
    });

    test('finds ID numbers in any spelling', async () => {
      const { wife, husband } = dataOf('matches');
      const spelt = { wife: { ...wife, idNumber: ` ${wife.idNumber.toLowerCase()}` }, husband };
      expect(await running.system.lookUp('pis', spelt)).toMatchObject({ outcome: 'found' });
    });

    test('says so where no answer comes in time, or the connection breaks', async () => {
      expect(await lookUp('slow', running.impatient)).toEqual({ outcome: 'unreachable', reason: 'timeout' });
      expect(await lookUp('down')).toEqual({ outcome: 'unreachable', reason: 'refused' });
    });

    test('answers many at once, each with its own record', async () => {
      const many = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? 'matches' : 'nameDiffers') as Scenario);
      const answers = await Promise.all(many.map((scenario) => lookUp(scenario)));
      const names = answers.map((answer) => (answer.outcome === 'found' ? answer.record.husband.name : answer.outcome));
      expect(names).toEqual(many.map((scenario) => dataOf(scenario).husband.name));
    });
  });
};
