import { z } from 'zod';
import { type Section, sections } from '#domain/registration/fields.ts';
import { broughtUpBy } from '../../forms/answers.ts';
import { type DivisionOption, divisionsUnder, foundDivisions } from '../../forms/divisionPicker.ts';
import type { PublicPages } from './publicPages.ts';

const query = z.object({
  text: z.string().max(100).optional(),
  under: z.string().max(12).optional(),
  /** The field that a place is looked for, such as `wifeHousehold.division`. */
  of: z.string().max(60).optional(),
});

/** What the form asks for besides, were this place the answer to that field. */
const bringing = (option: DivisionOption, of: string) => {
  const [step = '', name = ''] = of.split('.');
  const section = Object.hasOwn(sections, step) ? (sections as Readonly<Record<string, Section>>)[step] : undefined;
  return section === undefined ? option : { ...option, brings: broughtUpBy(section, { [name]: option.code }) };
};

/** `/divisions`: what the search box of the form lists while one types; the names of places, nobody's address. */
export const divisionRoutes = ({ app, services }: PublicPages): void => {
  app.get('/divisions', { schema: { hide: true, querystring: query } }, async (request, reply) => {
    const { text = '', under, of } = request.query as z.infer<typeof query>;
    const { divisions } = services.deps;
    const found = under === undefined ? foundDivisions(divisions, text) : divisionsUnder(divisions, under);
    reply.header('Cache-Control', 'public, max-age=60');
    return { divisions: of === undefined ? found : found.map((option) => bringing(option, of)) };
  });
};
