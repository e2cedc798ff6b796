import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed, N skipped` alone on the last line; files and hooks that break count as failures. */
export const closingLine = (): Reporter => ({
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state).length;
    const failed = inState('failed') + brokenOutsideTests(modules) + unhandledErrors.length;
    const unrun = inState('skipped') + inState('pending');
    // After the other reporters, which write their summary when the run ends.
    process.once('exit', () => {
      process.stdout.write(`${inState('passed')} passed, ${failed} failed, ${unrun} skipped\n`);
    });
  },
});

const brokenOutsideTests = (modules: readonly TestModule[]): number =>
  modules
    .flatMap((module) => [module, ...module.children.allSuites()])
    .reduce((count, part) => count + part.errors().length, 0);
