import { randomUUID } from 'node:crypto';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';

// A program for tests: appends to the store in the directory given, as fast as it can, and prints every append that
// was acknowledged, as `stream revision position`, until it is killed.
const store = await openEventStore({ directory: process.argv[2] ?? '' });

const events = () =>
  Array.from({ length: 3 }, (_, n) => ({
    id: randomUUID(),
    type: 'Happened',
    data: { n, x: 'x'.repeat(300) },
    meta: {},
  }));

const writer = async (): Promise<void> => {
  for (let stream = ''; ; ) {
    stream = `load-${randomUUID()}`;
    for (let revision = -1; revision < 11; revision += 3) {
      const result = await store.append(stream, revision === -1 ? 'none' : revision, events());
      if (result.outcome !== 'appended') throw new Error('the load met a conflict');
      process.stdout.write(`${stream} ${result.revision} ${result.position}\n`);
    }
  }
};

await Promise.all(Array.from({ length: 16 }, writer));
