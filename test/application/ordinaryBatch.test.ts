import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { handleCommand } from '#application/handleCommand.ts';
import { mostAtOnce } from '#application/ordinaryBatch.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { serialText } from '#domain/stock/serial.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { registeredCouple } from '../support/registeredCouple.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const office = '520111004';
const clerk: Staff = { ...operator(office, 'fz'), authorisations: ['issueOrdinaryCertificates'] };
const serial = (n: number) => serialText(1, firstSerial + n);
let app: Running;
let count = 0;

beforeAll(async () => {
  app = await startApplication();
  const { deps } = app.services;
  const command = { type: 'EnterPrintRun', run: { from: firstSerial + 1, to: firstSerial + 20 } } as const;
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await handleCommand(deps, stockDecider, stockId(office, 1), command, act);
});
afterAll(() => app.stop());

const rowOf = async () => {
  count += 1;
  const data = declarationOf('520111004005', count);
  const { id } = await registeredCouple(app, data);
  const bearer = { document: 'idCard', name: data.wife.name, documentNumber: data.wife.idNumber } as const;
  return { registrationId: id, bearer };
};
const act = (staff = clerk) => ({ staff, commandId: app.services.deps.ids() });
const waiting = async () => {
  await app.services.deps.awaitViews(['unissued'], await app.stores.eventStore.lastPosition());
  const found = await app.services.ordinary.unissued(clerk);
  if (found.outcome !== 'found') throw new Error(found.reason);
  return found;
};

describe('a batch of ordinary certificates (C3)', () => {
  it('is issued from the list, one serial after another; sent again it answers the same', async () => {
    const rows = [await rowOf(), await rowOf()];
    const before = await waiting();
    expect(before.lines.map(({ id }) => id).toSorted()).toEqual(rows.map((row) => row.registrationId).toSorted());
    expect(before.serials[1].slice(0, 2)).toEqual([serial(1), serial(2)]);
    const sent = act();
    const issued = await app.services.ordinary.issueBatch(sent, rows);
    expect(issued).toMatchObject({
      rows: [
        { registrationId: rows[0]?.registrationId, answer: { outcome: 'done', serial: serial(1) } },
        { answer: { outcome: 'done', serial: serial(2) } },
      ],
    });
    expect(await app.services.ordinary.issueBatch(sent, rows)).toEqual(issued);
    const after = await waiting();
    expect([after.lines, after.serials[1][0]]).toEqual([[], serial(3)]);
  });

  it('goes on past one that is refused, and lists anew what was spoilt', async () => {
    const [wrong, right] = [await rowOf(), await rowOf()];
    const unnamed = { ...wrong, bearer: { ...wrong.bearer, documentNumber: '' } };
    const issued = await app.services.ordinary.issueBatch(act(), [unnamed, { ...right, serial: serial(9) }]);
    expect(issued).toMatchObject({
      rows: [
        { answer: { outcome: 'rejected', rejection: { type: 'noIdentity' } } },
        { answer: { outcome: 'done', serial: serial(9) } },
      ],
    });
    expect((await waiting()).lines.map(({ id }) => id)).toEqual([wrong.registrationId]);
    const spoilt = { serial: serial(9), reason: 'spoilt', note: '' } as const;
    await app.services.ordinary.voidOrdinary(right.registrationId, act(), spoilt);
    expect((await waiting()).lines).toHaveLength(2);
  });

  it('is of the own office alone, for those who may, and not too many', async () => {
    const row = await rowOf();
    const { ordinary } = app.services;
    const neighbour: Staff = { ...operator('520111005', 'fz-5'), authorisations: ['issueOrdinaryCertificates'] };
    expect(await ordinary.issueBatch(act(neighbour), [row])).toMatchObject({
      rows: [{ answer: { outcome: 'absent' } }],
    });
    expect(await ordinary.unissued(neighbour)).toMatchObject({ lines: [] });
    expect(await ordinary.issueBatch(act(operator(office)), [row])).toMatchObject({ outcome: 'forbidden' });
    const many = Array.from({ length: mostAtOnce + 1 }, () => row);
    expect(await ordinary.issueBatch(act(), many)).toEqual({ outcome: 'tooMany' });
  });
});
