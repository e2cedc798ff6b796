import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fileLimits } from '#application/spreadsheets.ts';
import { Problem } from './problems.ts';

/** A file as it was sent. */
type SentFile = { name: string; bytes: Uint8Array };

/** The limits of an upload as sentences name them. */
export const limitWords = { size: fileLimits.bytes / 1024 / 1024, rows: fileLimits.rows };

// What stands around the file in a form: its fields and the lines between them.
const aroundFile = 64 * 1024;

const limits = { fileSize: fileLimits.bytes, files: 1, fields: 8, fieldSize: 4096, fieldNameSize: 100, parts: 10 };

/** Lets the routes of an app take forms with a file; all others go on refusing them. */
export const acceptUploads = async (app: FastifyInstance): Promise<void> => {
  await app.register(multipart, { limits, throwFileSizeLimit: true });
};

/** How large a file may be, and the key and words of what is said of one that is larger. */
export type UploadLimit = { bytes: number; refusal: string; words: Readonly<Record<string, unknown>> };

const spreadsheets: UploadLimit = { bytes: fileLimits.bytes, refusal: 'roster.refused.tooLarge', words: limitWords };

const tooLarge = ({ text }: FastifyRequest, { refusal, words }: UploadLimit): Problem =>
  new Problem('tooLarge', { detail: text(refusal, words) });

const isTooLarge = (failure: unknown) => (failure as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE';

const read = async (request: FastifyRequest, fileSize: number): Promise<object> => {
  const form: Record<string, unknown> = {};
  for await (const part of request.parts({ limits: { ...limits, fileSize } })) {
    if (part.type === 'field') form[part.fieldname] = String(part.value);
    else form['file'] = { name: part.filename.slice(0, 200), bytes: await part.toBuffer() } satisfies SentFile;
  }
  return form;
};

/** The file of a form that `takeUpload` took; undefined where none was chosen. */
export const fileIn = (request: FastifyRequest): SentFile | undefined => {
  const { file } = (request.body ?? {}) as { file?: Partial<SentFile> };
  if (!(file?.bytes instanceof Uint8Array) || file.name === undefined) return undefined;
  return file.name === '' && file.bytes.length === 0 ? undefined : { name: file.name, bytes: file.bytes };
};

/**
 * Before the checks of a form: takes its fields and its file, as far as the limit and no further. More than the limit by
 * its own declaration is not even read. Throws `tooLarge`, `invalid`.
 */
export const takingUpload =
  (limit: UploadLimit) =>
  async (request: FastifyRequest, _: FastifyReply): Promise<void> => {
    // A form without a file is checked like any other.
    if (!request.isMultipart()) return;
    if (Number(request.headers['content-length'] ?? 0) > limit.bytes + aroundFile) throw tooLarge(request, limit);
    try {
      request.body = await read(request, limit.bytes);
    } catch (failure) {
      throw isTooLarge(failure) ? tooLarge(request, limit) : new Problem('invalid', { cause: failure });
    }
  };

/** The same for spreadsheets. */
export const takeUpload = takingUpload(spreadsheets);
