import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FastifyViewOptions } from '@fastify/view';
import handlebars from 'handlebars';
import { type Locale, translate } from './locale.ts';
import { dayText, momentText } from './times.ts';

type Options = { hash: Record<string, unknown>; data: { root: { locale: Locale } } };

/** `{{t "statuses" status}}`: the parts of the key joined by dots; named arguments fill its places. */
const text = (...all: readonly unknown[]): string => {
  const { hash, data } = all.at(-1) as Options;
  return translate(data.root.locale, all.slice(0, -1).join('.'), hash);
};

/** What templates may call besides each / if / unless / partials: texts and dates in the visitor's language. */
const helpers = {
  t: text,
  day: (value: string, { data }: Options) => (value ? dayText(data.root.locale, value) : ''),
  moment: (value: string, { data }: Options) => (value ? momentText(data.root.locale, value) : ''),
  eq: (left: unknown, right: unknown) => left === right,
};

const templates = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));

const web = import.meta.dirname;

/** Options for @fastify/view: every file of `components` is a partial named by its path, such as `controls/text`. */
export const viewOptions = (): FastifyViewOptions => {
  const own = handlebars.create();
  own.registerHelper(helpers);
  const components = join(web, 'components');
  return {
    engine: { handlebars: own },
    root: join(web, 'views'),
    viewExt: 'hbs',
    production: true,
    options: {
      partials: Object.fromEntries(
        templates(components).map((file) => [
          file.slice(0, -4).replaceAll('\\', '/'),
          relative(join(web, 'views'), join(components, file)),
        ]),
      ),
      compileOptions: {
        knownHelpersOnly: true,
        knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
      },
    },
  };
};
