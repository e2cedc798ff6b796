import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

let app: Running;
let couples = 0;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const sender = operator('520111004');
const receiver = operator('520103019');
const act = (staff: typeof sender, basedOn: number) => ({ staff, commandId: app.services.deps.ids(), basedOn });

const passedOn = async () => {
  const { applicant, staff, deps } = app.services;
  couples += 1;
  const id = deps.ids();
  const data = declarationOf('520111004005', couples);
  await applicant.submit(id, data, { commandId: deps.ids() });
  await staff.redirect(id, act(sender, 0), receiver.office, '女方现居住地在该街道');
  return { id, data };
};

describe('a registration that was passed on', () => {
  test('is read on by the office that passed it on, masked, with its history, and nothing can be done there', async () => {
    const { id, data } = await passedOn();
    const { staff } = app.services;
    const read = await staff.registration(sender, id);
    expect(read).toMatchObject({
      outcome: 'found',
      view: { masked: true, mayReview: false, mayRegister: false, office: { code: receiver.office } },
    });
    expect(JSON.stringify(read)).not.toContain(data.wife.idNumber);
    expect(await staff.history(sender, id)).toMatchObject({ outcome: 'found', masked: true });
    expect(await staff.accept(id, act(sender, 1))).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await staff.printable(sender, id)).toEqual({ outcome: 'forbidden', reason: 'certificate' });
  });

  test('is found there by name and by ID number, also after the couple amended it and it was passed on again', async () => {
    const { id, data } = await passedOn();
    const { staff, applicant, deps } = app.services;
    const amended = { ...data, declaration: { ...data.declaration, mobile: '13900000001' } };
    await applicant.amend(id, amended, { commandId: deps.ids() });
    await staff.redirect(id, act(receiver, 2), '520111101', '又转');
    for (const reader of [sender, receiver, operator('520111'), operator('520103')]) {
      for (const text of [data.wife.idNumber, data.husband.idNumber]) {
        expect((await staff.search(reader, text)).map(({ row }) => row.id)).toEqual([id]);
      }
      expect((await staff.search(reader, data.wife.name)).map(({ row }) => row.id)).toContain(id);
    }
  });

  test('stays hidden from offices it never lay with', async () => {
    const { id, data } = await passedOn();
    const stranger = operator('520111005');
    expect(await app.services.staff.registration(stranger, id)).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await app.services.staff.search(stranger, data.wife.idNumber)).toEqual([]);
  });
});
