import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noteOf, type SignedCheckpoint } from '#application/log/checkpoint.ts';
import { type Running, startApplication } from '../support/application.ts';
import { checkpointed } from '../support/checkpoints.ts';
import { rewrite, storedEvents } from '../support/loggedScene.ts';
import { endOf, runProgram, startProgram, submitCouples, submitWhile, temporaryFolder } from '../support/operations.ts';

let app: Running;
let place: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  app = await startApplication();
  place = temporaryFolder();
  await submitCouples(app, 0, 30);
  await checkpointed(app);
}, 60_000);
afterAll(async () => {
  await app.stop();
  place.remove();
});

describe('npm run verify-log', { timeout: 60_000 }, () => {
  test('finds a running platform sound while it takes submissions', async () => {
    const child = startProgram('verifyLog', app.directory);
    const ended = endOf(child);
    await submitWhile(app, child, 30);
    const { code, said } = await ended;
    expect(said).toMatch(/^log .*█{30} 100 % /m);
    expect(said).toMatch(/newest checkpoint 1: 60, /);
    expect(said).toMatch(/Sound: nothing was altered, dropped, reordered or back-dated/);
    expect(code).toBe(0);
  });

  test('finds a restored backup sound, which keeps every hash and the key', async () => {
    const [backup, restored] = [join(place.folder, 'backup'), join(place.folder, 'restored')];
    expect(await runProgram('backup', app.directory, [backup, '--with-keys'])).toMatchObject({ code: 0 });
    expect(await runProgram('restore', restored, [backup])).toMatchObject({ code: 0 });
    expect(existsSync(join(restored, 'keys/log.jwk'))).toBe(true);
    const event = storedEvents(restored).find(({ type }) => type === 'CheckpointSigned.v1');
    const note = join(place.folder, 'note.txt');
    writeFileSync(note, noteOf(event?.data as unknown as SignedCheckpoint));
    const { code, said } = await runProgram('verifyLog', restored, ['--checkpoint', note]);
    expect(said).toMatch(/Sound/);
    expect(code).toBe(0);
  });

  test('ends with 1 and names what was changed, says what to do, and shows nobody', async () => {
    const copy = join(place.folder, 'changed');
    expect(await runProgram('backup', app.directory, [copy, '--with-keys', '--with-views'])).toMatchObject({ code: 0 });
    const event = storedEvents(copy)[7];
    if (event === undefined) throw new Error('There is none.');
    rewrite(copy, event, { data: { parity: 2 } });
    const { code, said } = await runProgram('verifyLog', copy);
    expect(said).toContain(`✗ 事件 8 (${event.stream} @${event.revision}, ${event.type}) 被改动。`);
    expect(said).toMatch(/keep a copy of everything as it is, then stop the platform, restore the log/);
    for (const secret of ['王芳', '张伟', '13800000000']) expect(said).not.toContain(secret);
    expect(code).toBe(1);
  });

  test('needs its key, a checkpoint that is one, and no other words', async () => {
    const copy = join(place.folder, 'keyless');
    expect(await runProgram('backup', app.directory, [copy])).toMatchObject({ code: 0 });
    expect(await runProgram('verifyLog', copy)).toMatchObject({ code: 1, said: expect.stringMatching(/log\.jwk/) });
    const none = ['--checkpoint', join(place.folder, 'none.txt')];
    expect(await runProgram('verifyLog', app.directory, none)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/is no checkpoint/),
    });
    expect(await runProgram('verifyLog', app.directory, ['all'])).toMatchObject({ code: 2 });
    rmSync(copy, { recursive: true });
  });
});
