import type { RegistrationData } from '#domain/registration/fields.ts';
import type { Running } from './application.ts';
import { declarationOf } from './declarations.ts';
import type { Sites } from './sites.ts';
import { fillIn, type Visitor, visitorOf } from './visitor.ts';

const village = '520111004005';

/** Promises and sends what the form holds. */
export const submit = (visitor: Visitor) => visitor.post('/register/check', { true: 'yes' });

/** Looks at the answers once more before sending them. */
export const submitAgain = async (visitor: Visitor) => {
  await visitor.get('/register/check');
  return submit(visitor);
};

/** The query code on a receipt; '' where there is none. */
export const codeOn = (page: { body: string }): string => /id="query-code"[^>]*>([^<]+)</.exec(page.body)?.[1] ?? '';

/** Couples who fill in the form, each another one at an address of its own. */
export const formCouples = (running: () => { app: Running; sites: Sites }) => {
  let couples = 0;
  const nextCouple = (): RegistrationData => {
    couples += 1;
    return declarationOf(village, couples);
  };
  const filledIn = async (data = nextCouple()): Promise<Visitor> => {
    const visitor = visitorOf(running().sites.publicSite, `192.0.2.${couples}`);
    await fillIn(visitor, data);
    await visitor.get('/register/check');
    return visitor;
  };
  const submitted = async (data = nextCouple()) => {
    const visitor = await filledIn(data);
    await submit(visitor);
    const code = codeOn(await visitor.get('/receipt'));
    const id = (await running().app.services.applicant.open(code, data.wife.name)) ?? '';
    return { visitor, data, code, id };
  };
  return { nextCouple, filledIn, submitted };
};
