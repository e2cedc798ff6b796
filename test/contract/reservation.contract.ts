import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coupleKey } from '#application/declare.ts';
import { type EventStore, StoreUnavailable } from '#application/ports.ts';
import { reserveCouple } from '#application/reserveCouple.ts';
import type { Services } from '#application/services.ts';
import type { Submission } from '#application/submitRegistration.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { coupleOf, forSecondChild, type Spelling, spellings, spelt, swapped } from '../support/couples.ts';
import { openSubmitter, type Submitter } from '../support/submitter.ts';
import type { OpenedEventStore } from './eventStore.contract.ts';

const villages = ['520111004001', '520111005002', '520103019001', '520382001001', '522601001002'] as const;
const ways = Object.keys(spellings) as Spelling[];
let next = 0;

/** A couple whom no other test knows; logs may hold other people's, but under keys of other secrets. */
const newCouple = (): RegistrationData => {
  next += 1;
  return coupleOf(next, villages[next % villages.length] as string);
};

/** A log that cannot take registrations: what a process meets that dies after it reserved the couple. */
const diesAfterReserving = (log: EventStore): EventStore => ({
  ...log,
  append: async (stream, expected, events) => {
    if (stream.startsWith('registration-')) throw new StoreUnavailable('The process is gone.');
    return log.append(stream, expected, events);
  },
});

/** R9 over a log: whatever happens at once or breaks off, a couple and parity have at most one live registration. */
export const reservationContract = (name: string, open: () => Promise<OpenedEventStore>): void => {
  describe(`${name} under couples who submit at once`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'reservation-'));
    let opened: OpenedEventStore;
    let submitter: Submitter;

    beforeAll(async () => {
      opened = await open();
      submitter = await openSubmitter(directory, opened.store);
    });
    afterAll(async () => {
      await submitter.close();
      await opened.dispose();
      rmSync(directory, { recursive: true });
    });

    const submit = (data: RegistrationData, through: Services = submitter.services, id = through.deps.ids()) =>
      through.applicant.submit(id, data, { commandId: through.deps.ids() });
    const live = async (data: RegistrationData) => {
      const couple = coupleKey(submitter.services.deps.sealing, data);
      const reserved = await submitter.log.readStream(`couple-${couple}`);
      const holders = [...new Set(reserved.map((event) => String(event.data['registrationId'])))];
      const streams = await Promise.all(holders.map((id) => submitter.log.readStream(`registration-${id}`)));
      return streams.map(([first]) => first?.type).filter((type) => type === 'Submitted.v1').length;
    };
    const outcomesOf = (submissions: readonly Submission[]) =>
      submissions.map(({ outcome }) => outcome).toSorted((a, b) => (a < b ? 1 : -1));

    it('registers one of 100, whatever their spelling, and tells 99 which office holds it', async () => {
      const data = newCouple();
      const submissions = await Promise.all(
        Array.from({ length: 100 }, (_, n) => submit(spelt(data, ways[n % ways.length] as Spelling))),
      );
      const duplicates = submissions.filter(({ outcome }) => outcome === 'duplicate');
      expect(duplicates).toHaveLength(99);
      for (const duplicate of duplicates) {
        expect(duplicate).toMatchObject({ office: data.declaration.place, reviewDueOn: '2026-11-25' });
      }
      expect(submissions.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
      expect(await live(data)).toBe(1);
    });

    it('registers one of ten for each of ten couples at once, and their second children beside', async () => {
      const couples = Array.from({ length: 10 }, newCouple).flatMap((data) => [data, forSecondChild(data)]);
      const submissions = await Promise.all(
        couples.map((data) => Promise.all(Array.from({ length: 10 }, () => submit(data)))),
      );
      for (const [index, ofOne] of submissions.entries()) {
        expect(outcomesOf(ofOne)).toEqual([...Array(9).fill('duplicate'), 'done']);
        const office = couples[index]?.declaration.place;
        for (const one of ofOne) expect(one.outcome === 'done' ? one.state : one).toMatchObject({ office });
      }
      expect(await Promise.all(couples.map(live))).toEqual(couples.map(() => 1));
    });

    it('gives the couple to one, in whatever order the two are named', async () => {
      const data = newCouple();
      const { deps } = submitter.over({ wait: async () => undefined });
      const keys = [data, swapped(data), spelt(swapped(data), 'wide')].map((of) => coupleKey(deps.sealing, of));
      expect(new Set(keys).size).toBe(1);
      const first = await submit(data);
      expect(first.outcome).toBe('done');
      const others = await Promise.all(
        keys.map((couple) => {
          const act = { commandId: deps.ids(), actor: { kind: 'applicant' } } as const;
          return reserveCouple(deps, { couple, registrationId: deps.ids(), act });
        }),
      );
      expect(others.map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held']);
    });

    it('lets the same submission sent twice at once be one', async () => {
      const data = newCouple();
      const { applicant, deps } = submitter.services;
      const [id, commandId] = [deps.ids(), deps.ids()];
      const both = await Promise.all([1, 2].map(() => applicant.submit(id, data, { commandId })));
      expect(both).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
      expect(await submitter.log.readStream(`registration-${id}`)).toHaveLength(1);
    });

    it('answers a submission sent again as the first time, though the couple registered anew since', async () => {
      const data = newCouple();
      const { deps, applicant } = submitter.services;
      const [id, commandId] = [deps.ids(), deps.ids()];
      await applicant.submit(id, data, { commandId });
      await applicant.withdraw(id, { commandId: deps.ids() });
      await submit(data);
      const again = await applicant.submit(id, data, { commandId });
      expect(again).toMatchObject({ outcome: 'done', repeated: true, state: { status: 'withdrawn' } });
    });

    it('frees the couple once the registration is withdrawn, for one of many again', async () => {
      const data = newCouple();
      const { deps, applicant } = submitter.services;
      const id = deps.ids();
      await submit(data, submitter.services, id);
      await applicant.withdraw(id, { commandId: deps.ids() });
      const submissions = await Promise.all(Array.from({ length: 20 }, () => submit(data)));
      expect(outcomesOf(submissions)).toEqual([...Array(19).fill('duplicate'), 'done']);
    });

    describe('a process that died between the reservation and the submission', () => {
      const broken = async () => {
        const data = newCouple();
        const dying = submitter.over({ eventStore: diesAfterReserving(submitter.log) });
        const [id, commandId] = [dying.deps.ids(), dying.deps.ids()];
        await expect(dying.applicant.submit(id, data, { commandId })).rejects.toThrow(StoreUnavailable);
        return { data, id, commandId, impatient: submitter.over({ wait: async () => undefined }) };
      };

      it('leaves a couple that can still register, once and no more', async () => {
        const { data, impatient } = await broken();
        const submissions = await Promise.all(Array.from({ length: 10 }, () => submit(data, impatient)));
        expect(submissions.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
        expect(await live(data)).toBe(1);
        expect(await submit(data, impatient)).toMatchObject({ outcome: 'duplicate' });
      });

      it('finds its place taken should it come back late, and is told who holds the couple', async () => {
        const { data, id, commandId, impatient } = await broken();
        const second = await submit(data, impatient);
        expect(second.outcome).toBe('done');
        const late = await impatient.applicant.submit(id, data, { commandId });
        expect(late).toMatchObject({ outcome: 'duplicate', office: data.declaration.place });
        expect(await live(data)).toBe(1);
      });

      it('cannot come late either once the one after it has ended, and the couple stays free', async () => {
        const { data, id, commandId, impatient } = await broken();
        const second = impatient.deps.ids();
        await submit(data, impatient, second);
        await impatient.applicant.withdraw(second, { commandId: impatient.deps.ids() });
        const late = await impatient.applicant.submit(id, data, { commandId });
        expect(late).toEqual({ outcome: 'fencedOff' });
        expect((await submit(data, impatient)).outcome).toBe('done');
      });

      it('goes on where it was, should it come back before anyone else', async () => {
        const { data, id, commandId, impatient } = await broken();
        const late = await impatient.applicant.submit(id, data, { commandId });
        expect(late).toMatchObject({ outcome: 'done', repeated: false });
        expect(await live(data)).toBe(1);
      });
    });
  });
};
