import type { Division, Divisions } from '#application/divisions.ts';
import { isInProvince } from '#domain/registration/fields.ts';
import { divisionPathText } from '../fieldTexts.ts';
import type { Answers } from './answers.ts';

/** A place to choose or to look into. */
export type DivisionOption = { code: string; label: string; leaf: boolean };

const everywhere = 'all';
const mostFound = 12;

/** Whether people live right there: a village or neighbourhood committee in Guizhou, a county elsewhere. */
const isLeaf = (divisions: Divisions, code: string): boolean =>
  divisions.find(code) !== undefined && divisions.children(code).length === 0;

const optionOf = (divisions: Divisions, { code }: Division): DivisionOption => ({
  code,
  label: divisionPathText(divisions, code),
  leaf: isLeaf(divisions, code),
});

/** The places right under the one a text names by its beginning, where people live in each of them: a township's villages. */
const namedInside = (divisions: Divisions, text: string, best: Division | undefined): readonly Division[] => {
  if (best === undefined || !best.name.startsWith(text.trim())) return [];
  const inside = divisions.children(best.code);
  return inside.every(({ code }) => isLeaf(divisions, code)) ? inside : [];
};

/** Places that a text finds, the best first; after a township that it names at once what can be chosen there. */
export const foundDivisions = (divisions: Divisions, text: string): readonly DivisionOption[] => {
  const [best, ...others] = divisions.search(text, { limit: mostFound });
  const inside = namedInside(divisions, text, best);
  const taken = new Set(inside.map(({ code }) => code));
  const all = [...(best === undefined ? [] : [best]), ...inside, ...others.filter(({ code }) => !taken.has(code))];
  return all.map((division) => optionOf(divisions, division));
};

/** The places directly under one; of `all` the provinces. */
export const divisionsUnder = (divisions: Divisions, under: string): readonly DivisionOption[] =>
  divisions.children(under === everywhere ? '' : under).map((division) => {
    return { ...optionOf(divisions, division), label: division.name };
  });

/** Where the way down begins: in the province that registers. */
const homeOf = (divisions: Divisions): string =>
  divisions.children('').find(({ code }) => isInProvince(code))?.code ?? everywhere;

/** The way down to a level: the whole country, then each division to go back to. */
const crumbsOf = (divisions: Divisions, under: string) => [
  { code: everywhere, name: '' },
  ...divisions.path(under).map(({ code, name }) => ({ code, name })),
];

/** What the picker of one division field shows without any script. */
export const divisionPicker = (divisions: Divisions, name: string, answers: Answers) => {
  const chosen = answers[name] ?? '';
  const search = answers[`${name}-search`]?.trim() ?? '';
  const asked = answers[`${name}-under`] ?? '';
  const under = asked === everywhere || divisions.find(asked) !== undefined ? asked : homeOf(divisions);
  const level = divisionsUnder(divisions, under);
  const found = search === '' ? [] : foundDivisions(divisions, search);
  const offered = [...found, ...(asked === '' ? [] : level)].filter(({ leaf, code }) => leaf && code !== chosen);
  const known = divisions.find(chosen);
  return {
    search,
    options: offered,
    chosen: known && optionOf(divisions, known),
    deeper: found.filter(({ leaf }) => !leaf),
    nothingFound: search !== '' && found.length === 0,
    level: level.filter(({ leaf }) => !leaf),
    crumbs: crumbsOf(divisions, under),
    under: asked,
    browsing: asked !== '',
  };
};
