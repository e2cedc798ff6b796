/** What a checkpoint says: which log, how many events it has, the root of their hash tree (base64). */
export type Checkpoint = { origin: string; size: number; root: string };

/** A checkpoint with its signature: base64 of four bytes of key hash and the signature (C2SP signed-note). */
export type SignedCheckpoint = Checkpoint & { signature: string };

/** The platform's keys for checkpoints; a key is named by the origin of the log that it signs. */
export type CheckpointKeys = {
  sign: (checkpoint: Checkpoint) => SignedCheckpoint;
  /** Whether one of the platform's keys signed it, one no longer in use included. */
  verify: (checkpoint: SignedCheckpoint) => boolean;
  /** The public keys, one line each as C2SP signed-note writes them, the one in use first. */
  published: (origin: string) => readonly string[];
};

/** The signed text of a checkpoint (C2SP tlog-checkpoint). */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${root}\n`;

/** A checkpoint as a note: text, blank line, signature line. */
export const noteOf = (checkpoint: SignedCheckpoint): string =>
  `${checkpointText(checkpoint)}\n\u2014 ${checkpoint.origin} ${checkpoint.signature}\n`;

const noteShape = /^([^\n+\s]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:\u2014 [^\n\s]+ [A-Za-z0-9+/=]+\n)+)$/;

/** Reads a note that was kept elsewhere; of several signatures the one under the log's own name. Undefined: it is none. */
export const parseNote = (note: string): SignedCheckpoint | undefined => {
  const [, origin = '', size = '', root = '', lines = ''] = noteShape.exec(note.replaceAll('\r\n', '\n')) ?? [];
  const signature = lines
    .split('\n')
    .find((line) => line.startsWith(`\u2014 ${origin} `))
    ?.split(' ')[2];
  return origin === '' || signature === undefined ? undefined : { origin, size: Number(size), root, signature };
};

/** The origin of the log of a platform that stands at this address: its host and a path. */
export const originOf = (publicUrl: string): string => `${new URL(publicUrl).host}/log`;
