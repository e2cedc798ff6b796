import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorText, isField, ruleText } from './fieldTexts.ts';
import { hasText, type Locale, localeOf, translate } from './locale.ts';
import { type Problem, type ProblemDetails, type ProblemKey, problemStatus } from './problems.ts';

/** Whether programs or scripts asked, not a person's browser for a page. */
export const wantsJson = (request: FastifyRequest) =>
  request.url.startsWith('/api/') || (request.headers.accept ?? '').includes('application/json');

const messageOf = (locale: Locale, field: string, code: string): string => {
  const own = isField(field)
    ? []
    : [
        `people.errors.${field}.${code}`,
        `organisations.errors.${code}`,
        `stockWords.errors.${code}`,
        `ordinary.codes.${code}`,
        `ordinary.faults.${code}`,
      ];
  const key = [`problems.codes.${code}`, `cases.errors.${code}`, ...own].find((one) => hasText(locale, one));
  if (key !== undefined) return translate(locale, key);
  if (!isField(field)) return translate(locale, 'problems.codes.invalid');
  return hasText(locale, `rules.${code}`)
    ? ruleText(locale, { rule: code, field }, 'couple')
    : errorText(locale, field, code);
};

/** Errors of single fields in the visitor's language, their codes kept for programs. */
const errorTexts = ({ locale }: FastifyRequest, errors: ProblemDetails['errors']) =>
  errors?.map(({ field, code }) => ({ field, code, message: messageOf(locale, field, code) }));

/** Who is the admin is not sent to the admin. */
const nextOf = ({ staff }: FastifyRequest, key: ProblemKey): string =>
  key === 'forbidden' && staff?.role === 'admin' ? 'nextForAdmins' : 'next';

/** Answers with a problem: a document (RFC 9457) to programs, a page that says what to do next to people. */
export const showProblem = async (request: FastifyRequest, reply: FastifyReply, problem: Problem) => {
  const { key, details } = problem;
  const status = problemStatus[key];
  const title = request.text(`problems.${key}.title`, details.fill);
  const next = request.text(`problems.${key}.${nextOf(request, key)}`, details.fill);
  if (status === 503 || status === 429) reply.header('Retry-After', status === 429 ? '300' : '5');
  if (status === 401 && request.url.startsWith('/api/')) reply.header('WWW-Authenticate', 'Bearer');
  const errors = errorTexts(request, details.errors);
  if (!wantsJson(request)) {
    return reply.page('problem', { title, next, detail: details.detail, errors, id: request.id, status }, status);
  }
  const body = {
    type: `/problems/${key}`,
    title,
    status,
    detail: details.detail ?? next,
    instance: request.id,
    errors,
    ...details.more,
  };
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
};

/** An address that cannot even be decoded: no hook ran for it, so it gets a document instead of a page. */
export const answerBadAddress = (_: unknown, request: FastifyRequest, reply: FastifyReply) => {
  const locale = localeOf(undefined, request.headers['accept-language']);
  const [title, detail] = ['title', 'next'].map((part) => translate(locale, `problems.absent.${part}`));
  const body = { type: '/problems/absent', title, status: 404, detail, instance: request.id };
  void reply
    .code(404)
    .header('X-Content-Type-Options', 'nosniff')
    .header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
    .header('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(body));
};
