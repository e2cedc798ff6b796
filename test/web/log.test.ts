import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteOf } from '#application/log/checkpoint.ts';
import { limits } from '#web/rateLimit.ts';
import { checkpointed } from '../support/checkpoints.ts';
import { declarationOf } from '../support/declarations.ts';
import { runProofScript } from '../support/proofScript.ts';
import { registeredCouple } from '../support/registeredCouple.ts';
import { openSites } from '../support/sites.ts';

const { app, sites } = await openSites();
const folder = mkdtempSync(join(tmpdir(), 'log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, remoteAddress = '127.0.0.1') =>
  sites.publicSite.inject({ url, remoteAddress, headers: { 'accept-language': 'zh-CN' } });
const textOf = async (url: string): Promise<string> => (await get(url)).body;
const save = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

type Couple = Awaited<ReturnType<typeof registeredCouple>>;
let couple: Couple;
let firstNote: string;

const villageOf = () => {
  const [village] = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 });
  return village?.code ?? '';
};
const firstSize = (): number => Number(firstNote.split('\n')[1]);
const codeOf = ({ content }: Couple): string => content.verifyUrl.slice(content.verifyUrl.lastIndexOf('/') + 1);

beforeAll(async () => {
  expect((await get('/log/checkpoint')).statusCode).toBe(409);
  expect(await textOf('/log')).toContain('还没有检查点');
  couple = await registeredCouple(app, declarationOf(villageOf(), 1));
  await checkpointed(app);
  firstNote = await textOf('/log/checkpoint');
  await app.services.applicant.submit(app.services.deps.ids(), declarationOf(villageOf(), 2), {
    commandId: app.services.deps.ids(),
  });
  await checkpointed(app);
});

describe('the page of the log', () => {
  it('shows the newest checkpoint, all of them, and the public key', async () => {
    const page = (await textOf('/log')).replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
    const { checkpoints } = (await get('/api/v1/log/checkpoints')).json() as {
      checkpoints: { root: string; number: number; size: number }[];
    };
    expect(checkpoints.map(({ number }) => number)).toEqual([2, 1]);
    expect(page).toContain(`<dd class="fingerprint">${checkpoints[0]?.root}</dd>`);
    expect(page).toContain(`/log/consistency?from=${checkpoints[1]?.size}&to=${checkpoints[0]?.size}`);
    expect(page).toContain('/assets/verify-proof.mjs');
    expect(page).toContain((await textOf('/log/key')).trim().split('+')[1]);
    expect(await textOf('/log/checkpoints/1')).toBe(firstNote);
    expect((await get('/log/checkpoints/3')).statusCode).toBe(404);
    expect((await get('/log/checkpoints/x')).statusCode).toBe(404);
  });

  it('goes into a spreadsheet', async () => {
    const csv = await get('/log/sheet?format=csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="checkpoints.csv"');
    const lines = csv.body.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    // A root may begin as a formula does.
    expect(lines[2]?.replace("'", '')).toBe(`1,2026-11-24 10:01,${firstSize()},${firstNote.split('\n')[2]}`);
    expect((await get('/log/sheet')).headers['content-type']).toContain('spreadsheetml');
  });

  it('says the same through the interface', async () => {
    const checkpoint = (await get('/api/v1/log/checkpoint')).json() as { note: string; number: number };
    expect(checkpoint).toMatchObject({
      number: 2,
      origin: 'registration.test/log',
      note: await textOf('/log/checkpoint'),
    });
    expect(((await get('/api/v1/log/keys')).json() as { keys: string[] }).keys).toEqual([
      (await textOf('/log/key')).trim(),
    ]);
    const described = (await get('/openapi.json')).json() as { paths: object };
    expect(Object.keys(described.paths).filter((path) => path.startsWith('/api/v1/log/'))).toHaveLength(5);
  });
});

describe('the proof of a certificate', () => {
  it('is led to from its verification, and holds without the platform', async () => {
    const code = codeOf(couple);
    expect(await textOf(`/verify/${code}`)).toContain(`href="/log/proof/${code}"`);
    const page = await get(`/log/proof/${code}`);
    expect(page.body).toContain('这张证件的签发确在日志之中');
    expect(page.body).toContain(`/api/v1/log/proofs/${code}`);
    expect(page.body).toMatch(/记入时间<\/dt>.*这一条写入日志的时刻；证件上的签发日期另由证件写明。/);
    expect(page.body).toContain('演示预置的证件按过去的日期编写');
    const proof = save('proof.json', await textOf(`/api/v1/log/proofs/${code}`));
    const key = save('key.txt', await textOf('/log/key'));
    const note = save('note.txt', await textOf('/log/checkpoint'));
    const { exit, text } = await runProofScript(folder, proof, key, '--checkpoint', note);
    expect(text).toContain('✔ 确在日志之中 IN THE LOG');
    expect(text).toContain(`CertificateIssued.v1 · certificate-${couple.content.number}`);
    expect(text).toContain('It agrees with the checkpoint that you kept.');
    expect(exit).toBe(0);
  });

  it('shows nothing about the couple that they do not hold themselves', async () => {
    const byCode = await textOf(`/api/v1/log/proofs/${codeOf(couple)}`);
    const byNumber = await textOf(`/api/v1/log/proofs/${couple.content.number}`);
    for (const secret of [couple.content.wife.name, couple.content.wife.idNumber, couple.content.husband.name]) {
      expect(byCode + byNumber).not.toContain(secret);
    }
    expect(JSON.parse(byCode)).toHaveProperty('leaf');
    expect(JSON.parse(byNumber)).not.toHaveProperty('leaf');
    expect(byNumber).not.toContain(codeOf(couple).split('.')[1]);
    const proof = save('number.json', byNumber);
    expect((await runProofScript(folder, proof, save('key.txt', await textOf('/log/key')))).exit).toBe(0);
  });

  it('waits for the next checkpoint, and is absent for what was never issued', async () => {
    const young = await registeredCouple(app, declarationOf(villageOf(), 3));
    expect((await get(`/api/v1/log/proofs/${young.content.number}`)).statusCode).toBe(409);
    expect(await textOf(`/log/proof/${young.content.number}`)).toContain('还没有收进检查点');
    for (const text of ['GZ52011120260000123453', 'a.b.c', 'x']) {
      expect((await get(`/log/proof/${text}`)).statusCode).toBe(404);
      expect((await get(`/api/v1/log/proofs/${text}`)).statusCode).toBe(404);
    }
  });

  it('cannot be asked for without end', async () => {
    for (let n = 0; n < limits.verifications.most; n += 1) await get('/log/proof/x', '192.0.2.7');
    expect((await get('/log/proof/x', '192.0.2.7')).statusCode).toBe(429);
    expect((await get('/api/v1/log/proofs/x', '192.0.2.7')).statusCode).toBe(429);
    expect((await get('/log', '192.0.2.7')).statusCode).toBe(200);
  });
});

describe('the proof between two checkpoints', () => {
  it('shows that the log only grew, to who kept the earlier one too', async () => {
    const from = firstSize();
    const to = Number((await textOf('/log/checkpoint')).split('\n')[1]);
    expect(await textOf(`/log/consistency?from=${from}&to=${to}`)).toContain(
      `第 ${from} 条以前的日志在第 ${to} 条时一条未改`,
    );
    const proof = save('consistency.json', await textOf(`/api/v1/log/consistency?from=${from}&to=${to}`));
    const [key, note] = [save('key.txt', await textOf('/log/key')), save('first.txt', firstNote)];
    const { exit, text } = await runProofScript(folder, proof, key, '--checkpoint', note);
    expect(text).toContain('✔ 日志只增未改 THE LOG ONLY GREW');
    expect(exit).toBe(0);
    const other = save('proof.json', await textOf(`/api/v1/log/proofs/${couple.content.number}`));
    const apart = await runProofScript(folder, other, key, '--checkpoint', note);
    expect(apart.text).toContain(`/api/v1/log/consistency?from=${from}&to=${to}`);
    expect(apart.exit).toBe(4);
  });

  it('asks for sizes that checkpoints have', async () => {
    const from = firstSize();
    expect((await get('/log/consistency')).statusCode).toBe(200);
    expect((await get(`/log/consistency?from=${from + 1}`)).statusCode).toBe(404);
    expect((await get('/log/consistency?from=x&to=y')).statusCode).toBe(200);
    expect((await get(`/api/v1/log/consistency?from=${from}&to=99999`)).statusCode).toBe(404);
    expect((await get('/api/v1/log/consistency?from=0&to=1')).statusCode).toBe(400);
  });
});

describe('the script', () => {
  const proven = async () =>
    JSON.parse(await textOf(`/api/v1/log/proofs/${codeOf(couple)}`)) as Record<string, unknown>;
  const run = async (proof: object, ...more: string[]) =>
    runProofScript(
      folder,
      save('changed.json', JSON.stringify(proof)),
      save('key.txt', await textOf('/log/key')),
      ...more,
    );

  it.each([
    [
      'an altered leaf',
      (proof: Record<string, unknown>) => ({ ...proof, leaf: String(proof['leaf']).replace('electronic', 'ordinary') }),
    ],
    ['another place', (proof: Record<string, unknown>) => ({ ...proof, index: Number(proof['index']) - 1 })],
    [
      'a path cut short',
      (proof: Record<string, unknown>) => ({ ...proof, path: (proof['path'] as string[]).slice(1) }),
    ],
    [
      'an altered checkpoint',
      (proof: Record<string, unknown>) => ({
        ...proof,
        checkpoint: String(proof['checkpoint']).replace(/\n\d+\n/, '\n3\n'),
      }),
    ],
    ['nothing in it', () => ({})],
  ])('finds nothing proven by a proof with %s', async (_, change) => {
    const { exit, text } = await run(change(await proven()));
    expect(text).toMatch(/^✘ 不能证明 NOT PROVEN/);
    expect(exit).toBe(1);
  });

  it('tells two checkpoints of one size that both were signed: one of the logs is not the log', async () => {
    const proof = await proven();
    const [origin = '', size] = String(proof['checkpoint']).split('\n');
    const root = Buffer.alloc(32).toString('base64');
    const other = app.services.deps.checkpointKeys.sign({ origin, size: Number(size), root });
    const { exit, text } = await run(proof, '--checkpoint', save('other.txt', noteOf(other)));
    expect(text).toContain('TWO CHECKPOINTS OF THE SAME SIZE DIFFER');
    expect(exit).toBe(1);
  });

  it('tells a kept checkpoint that nobody signed', async () => {
    const proof = await proven();
    const other = save(
      'other.txt',
      String(proof['checkpoint']).replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`),
    );
    const { exit, text } = await run(proof, '--checkpoint', other);
    expect(text).toMatch(/^✘ 您留存的检查点 Your own checkpoint/);
    expect(exit).toBe(1);
  });

  it('says how it is used, and which file it cannot read', async () => {
    expect(await runProofScript(folder)).toMatchObject({ exit: 2, text: expect.stringContaining('Usage') });
    expect(await runProofScript(folder, 'none.json', 'none.txt')).toMatchObject({ exit: 3 });
    const proof = save('proof.json', JSON.stringify(await proven()));
    expect(await runProofScript(folder, proof, save('empty.txt', ''))).toMatchObject({ exit: 3 });
  });
});
