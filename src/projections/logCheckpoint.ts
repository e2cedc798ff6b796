import type { CheckpointSigned } from '#domain/log/events.ts';
import { type Occurred, projection } from './projection.ts';

/** A signed checkpoint of the log by its number; `at` and `position` are those of the event that holds it. */
export type CheckpointRow = CheckpointSigned['data'] & { id: string; at: string; position: number };

/** Checkpoints for the public page of the log, newest first, and by the size of the tree they are of. */
export const logCheckpoint = projection<CheckpointSigned, CheckpointRow>({
  name: 'logCheckpoint',
  indexes: { number: ['number'], size: ['size'] },
  keysOf: ({ data }: Occurred<CheckpointSigned>) => [String(data.number)],
  on: {
    CheckpointSigned: (_, { data, meta, position }, id) => ({ ...data, id, at: String(meta['at']), position }),
  },
});
