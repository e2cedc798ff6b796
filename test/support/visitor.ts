import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { sections } from '#domain/registration/fields.ts';
import { allAnswersOf } from '#web/forms/answers.ts';

type Answer = LightMyRequestResponse;

/** A browser without JavaScript over `inject`: keeps cookies, sends the token of the page it looks at, follows nothing. */
export type Visitor = {
  get: (path: string) => Promise<Answer>;
  /** Posts a form; the CSRF token is taken from a page first looked at, unless the fields bring their own. */
  post: (path: string, fields?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** What a browser shows after an answer: the page that a redirect leads to. */
  follow: (answer: Answer) => Promise<Answer>;
  /** Posts a form and shows what comes of it. */
  send: (path: string, fields?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Every Location that was answered. */
  locations: string[];
  cookies: Map<string, string>;
};

/** What a page says, tags taken off. */
export const wordsOf = ({ body }: { body: string }): string =>
  body
    .replace(/<[^>]+>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/\s+/g, ' ');

const encoded = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();

/** A visitor with an empty browser, at an address of its own where one is given. */
export const visitorOf = (app: FastifyInstance, remoteAddress = '192.0.2.1'): Visitor => {
  const cookies = new Map<string, string>();
  const locations: string[] = [];
  const remember = (answer: Answer): Answer => {
    for (const { name, value } of answer.cookies) {
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    if (typeof answer.headers.location === 'string') locations.push(answer.headers.location);
    return answer;
  };
  const send = async (method: 'GET' | 'POST', url: string, payload?: string) =>
    remember(
      await app.inject({
        method,
        url,
        remoteAddress,
        cookies: Object.fromEntries(cookies),
        headers: { accept: 'text/html', ...(payload ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
        ...(payload === undefined ? {} : { payload }),
      }),
    );
  let token = '';
  const look = async (path: string) => {
    const answer = await send('GET', path);
    token = /name="_csrf" value="([^"]+)"/.exec(answer.body)?.[1] ?? token;
    return answer;
  };
  const post: Visitor['post'] = async (path, fields = {}) => {
    if (token === '') await look('/lookup');
    return send('POST', path, encoded({ _csrf: token, ...fields }));
  };
  const follow = async (answer: Answer): Promise<Answer> =>
    answer.statusCode === 303 ? look(String(answer.headers.location)) : answer;
  return {
    get: look,
    post,
    follow,
    send: async (path, fields) => follow(await post(path, fields)),
    locations,
    cookies,
  };
};

/** Fills in every page of the form as typed from given data. */
export const fillIn = async (visitor: Visitor, data: RegistrationData): Promise<void> => {
  const { answers, children } = allAnswersOf(data);
  for (const step of Object.keys(sections) as (keyof typeof sections)[]) {
    await visitor.post(`/register/${step}`, { ...answers[step], action: 'save' });
  }
  for (const [index, child] of children.entries()) {
    await visitor.post(`/register/children/${index + 1}`, { ...child.answers, action: 'continue' });
  }
  await visitor.post('/register/children', { action: 'continue' });
};
