import type { Collection, Db } from 'mongodb';
import { GenerationGone, StoreUnavailable, type ViewName } from '#application/ports.ts';
import { isTaken } from './connection.ts';

/**
 * What is known of a view, in one document so that each change of it is atomic: the generation that answers, the highest
 * ever begun, and how far each has been carried. A generation without a position is no more.
 */
type View = { _id: string; current: number; latest: number; positions: { [generation: string]: number } };

/** How far a name that is no view, such as a reaction, has been carried. */
type Carried = { _id: string; position: number };

const tries = 20;

const views = (db: Db): Collection<View> => db.collection<View>('views');
const carried = (db: Db): Collection<Carried> => db.collection<Carried>('checkpoints');

/** Says that a generation was replaced while someone still worked on it. */
export const gone = (view: string, generation: number): GenerationGone =>
  new GenerationGone(`Generation ${generation} of view ${view} is no more: a newer rebuild took its place.`);

/** Makes the view known under generation 1, unless it is. */
export const addView = async (db: Db, view: string): Promise<void> =>
  upserting(() =>
    views(db).updateOne(
      { _id: view },
      { $setOnInsert: { current: 1, latest: 1, positions: { 1: 0 } } },
      { upsert: true },
    ),
  );

/** The generation that answers; 0 for a name that is no view. */
export const currentGeneration = async (db: Db, view: string): Promise<number> =>
  (await views(db).findOne({ _id: view }))?.current ?? 0;

/** The generations that there are: the one that answers, and those being rebuilt. */
export const generationsOf = async (db: Db, view: string): Promise<readonly number[]> =>
  Object.keys((await views(db).findOne({ _id: view }))?.positions ?? {}).map(Number);

/** How far a name has been carried; throws `GenerationGone`. */
export const positionOf = async (db: Db, { view, generation }: ViewName): Promise<number> => {
  const known = await views(db).findOne({ _id: view });
  if (known !== null) return positionIn(known, generation ?? known.current);
  if (generation !== undefined) throw gone(view, generation);
  return (await carried(db).findOne({ _id: view }))?.position ?? 0;
};

const positionIn = ({ _id, positions }: View, generation: number): number => {
  const position = positions[generation];
  if (position === undefined) throw gone(_id, generation);
  return position;
};

/** Moves a generation's checkpoint forward, never back; throws `GenerationGone`. */
export const moveView = async (db: Db, view: string, generation: number, position: number): Promise<void> => {
  const field = `positions.${generation}`;
  const { matchedCount } = await views(db).updateOne(
    { _id: view, [field]: { $exists: true } },
    { $max: { [field]: position } },
  );
  if (matchedCount === 0) throw gone(view, generation);
};

/** Moves the checkpoint of a name that is no view forward, never back. */
export const moveName = async (db: Db, name: string, position: number): Promise<void> =>
  upserting(() => carried(db).updateOne({ _id: name }, { $max: { position } }, { upsert: true }));

/** Begins the next generation; an unfinished rebuild is given up for it: most likely its process died. */
export const beginGeneration = (db: Db, view: string): Promise<number> =>
  repeating(async () => {
    const known = await views(db).findOne({ _id: view });
    if (known === null) throw new RangeError(`View ${view} is not prepared; call prepare with it first.`);
    const { current, latest, positions } = known;
    const next = latest + 1;
    const { matchedCount } = await views(db).updateOne(
      { _id: view, current, latest },
      {
        $set: { latest: next, [`positions.${next}`]: 0 },
        ...givenUp(Object.keys(positions).filter((each) => Number(each) !== current)),
      },
    );
    return matchedCount === 1 ? next : undefined;
  });

/** Lets the generation answer once it stands where the other does; older ones then are no more. False: not yet. */
export const finishGeneration = (db: Db, view: string, generation: number): Promise<boolean> =>
  repeating(async () => {
    const known = await views(db).findOne({ _id: view });
    if (known === null) throw gone(view, generation);
    const { current, latest, positions } = known;
    const reached = positionIn(known, generation);
    if (current === generation) return true;
    const stands = positionIn(known, current);
    if (reached < stands) return false;
    const { matchedCount } = await views(db).updateOne(
      { _id: view, current, latest, [`positions.${current}`]: stands, [`positions.${generation}`]: { $exists: true } },
      { $set: { current: generation }, ...givenUp(Object.keys(positions).filter((each) => Number(each) < generation)) },
    );
    return matchedCount === 1 ? true : undefined;
  });

const givenUp = (generations: readonly string[]) =>
  generations.length === 0
    ? {}
    : { $unset: Object.fromEntries(generations.map((each) => [`positions.${each}`, ''] as const)) };

/** Tries again where another process changed the document between reading and writing it. */
const repeating = async <T>(work: () => Promise<T | undefined>): Promise<T> => {
  for (let n = 0; n < tries; n += 1) {
    const done = await work();
    if (done !== undefined) return done;
  }
  throw new StoreUnavailable(`${tries} tries to change one document met another change each.`);
};

/** An insert by two at once is an insert by one and an update by the other. */
const upserting = async (work: () => Promise<unknown>): Promise<void> => {
  await repeating(async () => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isTaken(error)) throw error;
      return undefined;
    }
  });
};
