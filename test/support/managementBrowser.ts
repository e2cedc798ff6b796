import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

/** A member of staff before the management site, without a browser: cookies are kept, forms get their token. */
export type Visitor = {
  get: (path: string, headers?: Record<string, string>) => Promise<LightMyRequestResponse>;
  /** Sends a form with the token of the page read last, or the fields as they are where `raw`; what is not done is shown again. */
  post: (
    path: string,
    fields?: Record<string, string | readonly string[]>,
    raw?: boolean,
  ) => Promise<LightMyRequestResponse>;
  signIn: (account: string, password: string, to?: string) => Promise<LightMyRequestResponse>;
  /** Says why they look at a registration that is not their own task. */
  sayWhy: (id: string, code?: string, text?: string) => Promise<LightMyRequestResponse>;
  cookies: Map<string, string>;
};

/** The text of a page with its marks taken out and its blanks folded. */
export const textOf = (response: LightMyRequestResponse): string =>
  response.body
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ');

/** The values of the fields of a name on a page, in order. */
export const valuesOf = (response: LightMyRequestResponse, name: string): readonly string[] =>
  [...response.body.matchAll(new RegExp(`name="${name}"[^>]*value="([^"]*)"`, 'g'))].map(([, value]) =>
    (value ?? '').replaceAll('&#x3D;', '='),
  );

/** Where a page leads back to the form that it came from, with all that was typed. */
export const wayBackOf = (response: LightMyRequestResponse): string =>
  /href="([^"]*\?form[^"]*)"/.exec(response.body)?.[1]?.replaceAll('&#x3D;', '=') ?? '';

/** The hidden fields of the form that is sent to an address. */
export const formOf = (response: LightMyRequestResponse, action: string): Record<string, string> => {
  const forms = response.body.split('<form').slice(1);
  const form = forms.find((one) => one.includes(`action="${action}"`))?.split('</form>')[0] ?? '';
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
};

const bodyOf = (fields: Record<string, string | readonly string[]>) =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, String(one)]),
    ),
  );

/** Someone who comes to the management site with no cookies. */
export const visitor = (site: FastifyInstance, remoteAddress = '127.0.0.1'): Visitor => {
  const cookies = new Map<string, string>();
  let token = '';
  const keep = (response: LightMyRequestResponse): LightMyRequestResponse => {
    for (const { name, value } of response.cookies) {
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    token = /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? token;
    return response;
  };
  const sent = () => Object.fromEntries(cookies);
  const get: Visitor['get'] = async (path, headers = {}) =>
    keep(
      await site.inject({ url: path, headers: { accept: 'text/html', ...headers }, cookies: sent(), remoteAddress }),
    );
  const post: Visitor['post'] = async (path, fields = {}, raw = false) => {
    const body = bodyOf(raw ? fields : { _csrf: token, ...fields });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    return keep(
      await site.inject({
        method: 'POST',
        url: path,
        headers,
        cookies: sent(),
        payload: body.toString(),
        remoteAddress,
      }),
    );
  };
  const signIn: Visitor['signIn'] = async (account, password, to = '/') => {
    await get(`/sign-in?${new URLSearchParams({ to })}`);
    return post('/sign-in', { account, password, to });
  };
  const sayWhy: Visitor['sayWhy'] = async (id, reason = 'supervision', text = '') => {
    await get(`/registrations/${id}`);
    return post('/access-reason', { kind: 'registration', id, to: `/registrations/${id}`, reason, text });
  };
  const postAndShow: Visitor['post'] = async (...form) => {
    let answer = await post(...form);
    while (/[?&]form=/.test(answer.headers.location ?? '')) answer = await get(String(answer.headers.location));
    return answer;
  };
  return { get, post: postAndShow, signIn, sayWhy, cookies };
};
