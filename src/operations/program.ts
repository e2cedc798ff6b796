import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { ConfigError, placesOf, readConfig } from '#infrastructure/config.ts';
import { FoldFailure } from '#projections/projection.ts';

/** The program was called wrongly; the message says how it is called. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something that the operator has to see to; the message says what, in both languages. */
export class OperationError extends Error {
  override name = 'OperationError';
}

const told = new Set([
  'ConfigError',
  'GenerationGone',
  'LogTooShort',
  'OperationError',
  'SealBroken',
  'StoreUnavailable',
  'UsageError',
]);

/** A fault as an operator reads it: a sentence for what can go wrong, the trace of anything else. */
const tellingOf = (fault: unknown): string => {
  if (fault instanceof FoldFailure) {
    const { position, type, stream } = fault.event;
    return `Event ${position} (${type} of ${stream}) cannot be folded: ${fault.message}`;
  }
  if (fault instanceof Error && (told.has(fault.name) || fault.name.endsWith('FileError'))) return fault.message;
  return String((fault as Error).stack ?? fault);
};

/** Writes a line for the operator; standard output stays free for what programs read. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs a program of the command line: 0 where it did what was asked, 1 where it could not, 2 where it was called wrongly. */
export const runProgram = async (work: () => Promise<void>, afterFault = ''): Promise<void> => {
  try {
    await work();
  } catch (fault) {
    const misused = fault instanceof UsageError;
    tell(`\n${tellingOf(fault)}${misused ? '' : afterFault}`);
    process.exit(misused ? 2 : 1);
  }
};

/** Reads the arguments; throws `UsageError` with the usage where they are not so many or have another option. */
export const argumentsOf = <const O extends ParseArgsOptionsConfig>(options: O, positionals: number, usage: string) => {
  const wrong = (why: string) => new UsageError(`${why}\n用法 Usage: ${usage}`);
  try {
    const read = parseArgs({ options, allowPositionals: true, strict: true });
    if (read.positionals.length === positionals) return { values: read.values, positionals: read.positionals };
  } catch (fault) {
    throw wrong((fault as Error).message);
  }
  throw wrong(`需要 ${positionals} 个参数。 It takes ${positionals} argument(s).`);
};

/** Where the settings put the stores. These programs ask no population system, so they need no address of one. */
export const placesFromEnvironment = () => placesOf(readConfig({ ...process.env, DEMO: '1' }));

/** Opens a store; an address that cannot be one is told in its sentence. */
export const opening = <T>(store: Promise<T>): Promise<T> =>
  store.catch((cause: unknown) => {
    throw cause instanceof RangeError ? new ConfigError(cause.message, { cause }) : cause;
  });
