import type { Db } from 'mongodb';
import type { ViewDeclaration } from '#application/ports.ts';
import { currentGeneration, generationsOf } from './viewCatalog.ts';
import { ensureIndexes, generationsAmong, rowsIn } from './viewRows.ts';

/** Gives the generation that answers its indexes; where a rebuild finished meanwhile, that one too. */
export const ensureGeneration = async (db: Db, view: ViewDeclaration): Promise<void> => {
  for (let ensured = 0, current = await currentGeneration(db, view.name); ensured !== current; ) {
    await ensureIndexes(db, view, current);
    ensured = current;
    current = await currentGeneration(db, view.name);
  }
};

/**
 * Drops collections of generations that are no more. A generation is known before it has a collection and never returns,
 * so one that was listed and then is not known can be nobody's.
 */
export const sweep = async (db: Db, views: readonly string[]): Promise<void> => {
  const collections = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  for (const view of views) {
    const listed = generationsAmong(collections, view);
    if (listed.length === 0) continue;
    const known = new Set(await generationsOf(db, view));
    for (const generation of listed) if (!known.has(generation)) await rowsIn(db, view, generation).drop();
  }
};
