import { checkpointDecider } from '#domain/log/decide.ts';
import type { CheckpointSigned } from '#domain/log/events.ts';
import type { CheckpointRow } from '#projections/logCheckpoint.ts';
import type { Failure, Following, Log, Standing } from '../followLog.ts';
import { type Handling, handleCommand, load } from '../handleCommand.ts';
import type { Ids, ViewStore } from '../ports.ts';
import { type CheckpointKeys, originOf } from './checkpoint.ts';
import type { TreeHead } from './keepTree.ts';
import { rootAt } from './merkle.ts';
import { storedNodes } from './tiles.ts';

/** What signing needs: the tree as far as it is kept, and at least how many ms lie between two checkpoints. */
export type SigningCheckpoints = Handling & {
  viewStore: ViewStore;
  checkpointKeys: CheckpointKeys;
  ids: Ids;
  publicUrl: string;
  head: () => TreeHead | undefined;
  intervalMs: number;
  wait: (ms: number) => Promise<void>;
  log: Log;
};

type Signed = { checkpoint: CheckpointSigned['data']; position: number; at: number };

/** What signing is called among all that is carried along the log. */
export const signing = 'signCheckpoints';

const lookEveryMs = 1000;

/** The log is not what an earlier checkpoint says of it: nothing more is signed. */
class SignedOtherwise extends Error {
  override name = 'SignedOtherwise';
}

const streamOf = async (deps: SigningCheckpoints, number: number): Promise<Signed | undefined> => {
  const { state, events } = await load(deps, checkpointDecider, String(number));
  const [event] = events;
  if (state.status === 'absent' || event === undefined) return undefined;
  return { checkpoint: state.checkpoint, position: event.position, at: Date.parse(event.meta.at) };
};

/** The newest checkpoint after one that is known, or of all: views may lag behind the log, streams do not. */
const newestAfter = async (deps: SigningCheckpoints, known: Signed | undefined): Promise<Signed | undefined> => {
  let newest = known;
  if (newest === undefined) {
    const query = { index: 'number', equals: [], descending: true, limit: 1 };
    const [row] = (await deps.viewStore.find('logCheckpoint', query)).rows as unknown as CheckpointRow[];
    newest = row && (await streamOf(deps, row.number));
  }
  for (;;) {
    const next = await streamOf(deps, (newest?.checkpoint.number ?? 0) + 1);
    if (next === undefined) return newest;
    newest = next;
  }
};

const rootOfFirst = async ({ viewStore }: SigningCheckpoints, size: number): Promise<string> =>
  (await rootAt(storedNodes(viewStore), size)).toString('base64');

/** Never signs a log on from which an earlier one was cut off or changed: that would make it look whole. */
const requireContinued = async (deps: SigningCheckpoints, { checkpoint }: Signed): Promise<void> => {
  const { number, size, root } = checkpoint;
  if (!deps.checkpointKeys.verify(checkpoint)) {
    throw new SignedOtherwise(
      `Checkpoint ${number} was signed by a key that is not in keys/: give this instance the log.jwk of the others, or keep the former one in keys/retired/.`,
    );
  }
  if ((await rootOfFirst(deps, size)) !== root) {
    throw new SignedOtherwise(
      `The first ${size} events are not those that checkpoint ${number} was signed of. Run npm run verify-log: it names what was changed.`,
    );
  }
};

const sign = async (deps: SigningCheckpoints, size: number, before: Signed | undefined): Promise<void> => {
  const origin = before?.checkpoint.origin ?? originOf(deps.publicUrl);
  const signed = deps.checkpointKeys.sign({ origin, size, root: await rootOfFirst(deps, size) });
  const number = (before?.checkpoint.number ?? 0) + 1;
  await handleCommand(
    deps,
    checkpointDecider,
    String(number),
    { type: 'SignCheckpoint', checkpoint: { number, ...signed }, before: before?.checkpoint },
    { commandId: deps.ids(), actor: { kind: 'system', name: signing } },
  );
};

/** Looks once: signs what was added since the newest checkpoint, if its time has come; answers the newest one known. */
const signOnce = async (deps: SigningCheckpoints, known: Signed | undefined): Promise<Signed | undefined> => {
  const head = deps.head();
  const due = ({ checkpoint, position, at }: Signed): boolean => {
    const since = deps.clock() - at;
    // The tree has to hold the checkpoint before, and something besides it.
    const grown = head !== undefined && head.position >= position && head.size > checkpoint.size + 1;
    return grown && (since < 0 || since >= deps.intervalMs);
  };
  if (head === undefined || head.size === 0 || (known !== undefined && !due(known))) return known;
  const newest = await newestAfter(deps, known);
  if (newest !== undefined && !due(newest)) return newest;
  if (newest !== undefined) await requireContinued(deps, newest);
  await sign(deps, head.size, newest);
  await deps.viewStore.commit({ view: signing }, [], head.position);
  return newestAfter(deps, newest);
};

/**
 * Signs a checkpoint whenever the log has grown, at most one in an interval, until stopped. Two that do so at once sign
 * one: a number is given once. Stops for good where the log is not what was signed before.
 */
export const signCheckpoints = (deps: SigningCheckpoints): Following => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let stopping = false;
  let newest: Signed | undefined;
  let failure: Failure | undefined;
  const failed = (fault: unknown): void => {
    const message = fault instanceof Error ? fault.message : String(fault);
    if (fault instanceof SignedOtherwise) failure = { position: 0, type: '', stream: '', message };
    deps.log[failure === undefined ? 'warn' : 'error']({ follower: signing, message }, 'No checkpoint was signed.');
  };
  const run = async (): Promise<void> => {
    while (!stopping && failure === undefined) {
      await signOnce(deps, newest).then((signed) => {
        newest = signed;
      }, failed);
      await Promise.race([deps.wait(lookEveryMs), ended]);
    }
  };
  const running = run();
  const standing = (): Standing => {
    const position = deps.head()?.position ?? 0;
    return failure === undefined ? { state: 'running', position } : { state: 'stopped', position, failure };
  };
  return {
    standing: () => ({ [signing]: standing() }),
    stop: async () => {
      stopping = true;
      end();
      await running;
    },
  };
};
