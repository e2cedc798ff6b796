/**
 * The platform signed the log as it stood with its first `size` events: `root` is that of their hash tree (RFC 9162),
 * base64; `signature` that of the checkpoint of this origin (C2SP tlog-checkpoint), base64, key hash first. Checkpoints
 * are numbered from 1.
 */
export type CheckpointSigned = {
  type: 'CheckpointSigned';
  data: { number: number; origin: string; size: number; root: string; signature: string };
};
