import { InvalidCursor } from '#application/cursor.ts';
import { StoreUnavailable } from '#application/ports.ts';
import type { Subject } from '#domain/access/events.ts';

/** Every way a request can fail, and its status; title and next step are `problems.<key>` in the locales. */
export const problemStatus = {
  absent: 404,
  misdirected: 421,
  erased: 410,
  invalid: 400,
  brokenText: 400,
  tooLarge: 413,
  unsupported: 415,
  unauthenticated: 401,
  secondFactorDue: 401,
  passwordChangeDue: 403,
  enrolmentDue: 403,
  proofDue: 403,
  notOpened: 401,
  forbidden: 403,
  expired: 403,
  stale: 409,
  merged: 409,
  duplicate: 409,
  held: 409,
  untimely: 409,
  notReady: 409,
  notCovered: 409,
  preconditionRequired: 428,
  reasonDue: 428,
  preconditionFailed: 412,
  keyRequired: 400,
  keyReused: 422,
  fileRefused: 422,
  tooMany: 429,
  unpublished: 503,
  unavailable: 503,
  fault: 500,
} as const;

export type ProblemKey = keyof typeof problemStatus;

export type ProblemDetails = {
  detail?: string;
  /** Fills places in the problem's texts. */
  fill?: Readonly<Record<string, unknown>>;
  /** What is wrong with which field: a code of `errors` or the name of a rule in the locales. */
  errors?: readonly { field: string; code: string }[];
  /** What a reason is due for (S6). */
  subject?: Subject;
  /** Further members of the problem document, such as who was first. */
  more?: Readonly<Record<string, unknown>>;
  /** The error behind it. */
  cause?: unknown;
};

/** A request that ends in one of the problems of the table. */
export class Problem extends Error {
  override name = 'Problem';
  readonly key: ProblemKey;
  readonly details: ProblemDetails;
  constructor(key: ProblemKey, details: ProblemDetails = {}) {
    super(key, { cause: details.cause });
    this.key = key;
    this.details = details;
  }
}

const byCode: Readonly<Record<string, ProblemKey>> = {
  FST_ERR_VALIDATION: 'invalid',
  FST_ERR_CTP_BODY_TOO_LARGE: 'tooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid',
  FST_ERR_BAD_URL: 'absent',
  FST_CSRF_INVALID_TOKEN: 'expired',
  FST_CSRF_MISSING_SECRET: 'expired',
};

type Failure = {
  code?: string;
  statusCode?: number;
  validation?: readonly { instancePath?: string; message?: string }[];
};

const validationErrors = ({ validation }: Failure): ProblemDetails =>
  validation === undefined
    ? {}
    : {
        errors: validation.map(({ instancePath = '', message = '' }) => ({
          field: instancePath.replace(/^\//, '').replaceAll('/', '.'),
          // Our own schemas answer with codes; a library's sentence is none.
          code: /^[a-z][A-Za-z]*$/.test(message) ? message : 'invalid',
        })),
      };

/** The problem that an error of a library, a store or our own code is; what is not known is a fault. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) return new Problem('unavailable');
  if (error instanceof InvalidCursor) return new Problem('invalid');
  const failure = error as Failure;
  const key = byCode[failure.code ?? ''];
  if (key !== undefined) return new Problem(key, validationErrors(failure));
  const status = failure.statusCode ?? 500;
  return new Problem(status >= 400 && status < 500 ? 'invalid' : 'fault');
};
