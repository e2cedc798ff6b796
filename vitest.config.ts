import { configDefaults, defineConfig } from 'vitest/config';
import { closingLine } from './test/support/closingLine.ts';

const elsewhere = ['test/bench/**', 'test/crash/**', 'test/browser/**', 'test/operations/**'];

// Groups one after another: browsers want the processor for themselves, operators' programs run beside whole platforms,
// and crash tests kill servers on purpose. `npm test` runs the first two.
export default defineConfig({
  test: {
    reporters: ['default', closingLine()],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...elsewhere],
          // Modules are loaded once per worker, not once per file; tests share no state but what they make themselves.
          isolate: false,
          // A slow machine is no failure.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'operations',
          include: ['test/operations/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/*.test.ts'],
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
    coverage: { include: ['src/**/*.ts', 'web/**/*.ts'] },
  },
});
