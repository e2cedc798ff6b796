import type { FileRefusal } from '#application/spreadsheets.ts';

/** A file is not read on; caught where reading began. */
export class FileRefused extends Error {
  override name = 'FileRefused';
  readonly reason: FileRefusal;
  constructor(reason: FileRefusal, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}
