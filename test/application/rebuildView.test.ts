import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogTooShort, rebuildView } from '#application/rebuildView.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { projections } from '#projections/index.ts';
import { FoldFailure, type Projection } from '#projections/projection.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { asStored, type Followed, openFollowed, tallied, tally, times } from '../support/following.ts';

const script = join(import.meta.dirname, '../../src/rebuild.ts');

const rebuild = (directory: string, ...views: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [script, ...views], { env: { ...process.env, DATA_DIR: directory, DEMO: '0' } });

const outcomeOf = async (child: ChildProcessWithoutNullStreams) => {
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: code as number | null, said };
};

describe('rebuilding a view', () => {
  let followed: Followed;

  beforeEach(async () => {
    followed = await openFollowed();
  });
  afterEach(() => followed.close());

  const rebuilt = async (projection: Projection) => {
    const { eventStore, viewStore } = followed;
    const progress: [number, number][] = [];
    await viewStore.prepare([projection]);
    await rebuildView(projection, {
      eventStore,
      viewStore,
      upcast: asStored,
      onProgress: (done, total) => progress.push([done, total]),
    });
    return progress;
  };

  test.each([0, 1, 2000, 4001])('folds a log of %i events and tells the whole as its last progress', async (count) => {
    if (count > 0) await followed.append(times(count));
    const progress = await rebuilt(tally('view'));
    expect(await tallied(followed.viewStore, 'view')).toBe(count);
    expect(await followed.viewStore.checkpoint({ view: 'view' })).toBe(count);
    expect(progress.at(-1)).toEqual([count, count]);
    for (const [done, total] of progress) expect(done).toBeLessThanOrEqual(total);
  });

  test('leaves the old rows where an event cannot be folded, and names it', async () => {
    await followed.append(times(3));
    await rebuilt(tally('view'));
    await followed.append(['Poison']);
    const refuse = () => {
      throw new Error('no');
    };
    const broken = { ...tally('view', 10), on: { ...tally('view', 10).on, Poison: refuse } };
    await expect(rebuilt(broken)).rejects.toThrow(FoldFailure);
    expect(await tallied(followed.viewStore, 'view')).toBe(3);
  });

  test('refuses a log that ends before what the view was folded from', async () => {
    await followed.append(times(3));
    await followed.viewStore.prepare([tally('view')]);
    await followed.viewStore.commit({ view: 'view' }, [], 9);
    await expect(rebuilt(tally('view'))).rejects.toThrow(LogTooShort);
  });
});

describe('npm run rebuild', { timeout: 30_000 }, () => {
  let app: Running;

  beforeEach(async () => {
    app = await startApplication();
  });
  afterEach(() => app.stop());

  const submitting = async (from: number, count: number): Promise<void> => {
    const { applicant, deps } = app.services;
    const [village] = deps.divisions.search('贵筑', { level: 'village', limit: 1 });
    for (let n = from; n < from + count; n += 1) {
      const done = await applicant.submit(deps.ids(), declarationOf(village?.code ?? '', n), { commandId: deps.ids() });
      if (done.outcome !== 'done') throw new Error(JSON.stringify(done));
    }
  };

  /** All rows of all views by the ids that the log names, each under its view. */
  const everyRow = async () => {
    const { eventStore, viewStore } = app.stores;
    await app.services.deps.awaitViews(
      projections.map(({ name }) => name),
      await eventStore.lastPosition(),
    );
    const events = await eventStore.readAll(0, 10_000);
    const ids = events.flatMap(({ stream, data }) => {
      const lookup = data['lookup'] as { queryCode: string } | undefined;
      return [stream.replace('registration-', ''), lookup?.queryCode ?? '', String(data['office'])];
    });
    const views = projections.map(async ({ name }) => [name, await viewStore.get(name, [...new Set(ids)])] as const);
    return Object.fromEntries(await Promise.all(views));
  };

  test('rebuilds every view while the site goes on, loses nothing, and shows each bar reach 100 %', async () => {
    await submitting(0, 60);
    const before = await everyRow();
    const generations = () => Promise.all(projections.map(({ name }) => app.stores.viewStore.generation(name)));
    const old = await generations();

    const child = rebuild(app.directory);
    const rebuilding = outcomeOf(child);
    let count = 60;
    while (child.exitCode === null && count < 200) {
      await submitting(count, 1);
      count += 1;
    }
    const { code, said } = await rebuilding;
    expect(said).not.toMatch(/Error/);
    expect(code).toBe(0);
    for (const { name } of projections) expect(said).toMatch(new RegExp(`^${name} .*█{30} 100 %  (\\d+)/\\1 `, 'm'));
    for (const [n, generation] of (await generations()).entries()) expect(generation).toBeGreaterThan(old[n] ?? 0);

    await submitting(count, 3);
    const after = await everyRow();
    expect(after['registration']).toHaveLength(count + 3);
    expect(after['registration']).toEqual(expect.arrayContaining([...(before['registration'] ?? [])]));
    expect(after['queryCode']).toHaveLength(count + 3);
    expect(after['counters']).toMatchObject([{ submitted: count + 3 }]);

    const again = await outcomeOf(rebuild(app.directory));
    expect(again.code).toBe(0);
    expect(await everyRow()).toEqual(after);
  });

  test('rebuilds one view alone', async () => {
    await submitting(0, 2);
    const before = await everyRow();
    const { code, said } = await outcomeOf(rebuild(app.directory, 'inbox'));
    expect(code).toBe(0);
    expect(said).toMatch(/^inbox .*100 % /m);
    expect(said).not.toMatch(/counters/);
    expect(await everyRow()).toEqual(before);
    expect(await app.stores.viewStore.generation('inbox')).toBe(2);
    expect(await app.stores.viewStore.generation('search')).toBe(1);
  });

  test('answers an unknown view and a missing log with a sentence', async () => {
    const unknown = await outcomeOf(rebuild(app.directory, 'inbox', 'outbox'));
    expect(unknown).toMatchObject({ code: 2, said: expect.stringMatching(/No view is called outbox.*counters/) });
    const empty = mkdtempSync(join(tmpdir(), 'no-log-'));
    const missing = await outcomeOf(rebuild(empty));
    expect(missing).toMatchObject({ code: 1, said: expect.stringMatching(/event store .* cannot answer/) });
    expect(missing.said).not.toMatch(/ {4}at /);
    rmSync(empty, { recursive: true });
  });

  test('gives way to another rebuild of the same view', async () => {
    await submitting(0, 2);
    const ends = await Promise.all([1, 2, 3].map(() => outcomeOf(rebuild(app.directory, 'inbox'))));
    expect(ends.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, said } of ends) if (code !== 0) expect(said).toMatch(/newer rebuild took its place/);
    const other = await openViewStore({ directory: app.directory });
    await other.prepare(projections);
    expect(await other.checkpoint({ view: 'inbox' })).toBe(await app.stores.eventStore.lastPosition());
    await other.close();
  });
});
