/** The three columns that say where somebody works, from the widest. */
export const placeColumns = ['prefecture', 'county', 'township'] as const;
export type PlaceColumn = (typeof placeColumns)[number];

/** An organisation as people write its place: in which column, under which names, and the codes that lie above it. */
export type NamedPlace = {
  code: string;
  columns: readonly PlaceColumn[];
  names: readonly string[];
  /** By report and by territory: 仁怀市 lies under the province and under 遵义市. */
  above: readonly string[];
};

/** What is written of a place, column by column; empty where nothing is. */
export type WrittenPlace = Readonly<Record<PlaceColumn, string>>;

/** The place that is meant, or in which column it stops being clear: nothing of that name, nothing of it there, or several. */
export type PlaceFound =
  | { outcome: 'found'; code: string }
  | { outcome: 'blank' }
  | { outcome: 'unknown' | 'notThere'; column: PlaceColumn }
  | { outcome: 'ambiguous'; column: PlaceColumn; codes: readonly string[] };

const seat =
  /(?:人民政府|办事处|卫生健康委员会|卫生健康局|卫生和计划生育局|卫生计生局|卫计局|卫健局|卫生院|管理委员会|管委会)$/;
const peoples =
  /(?:苗族|布依族|侗族|土家族|彝族|仡佬族|水族|回族|白族|瑶族|壮族|畲族|毛南族|蒙古族|仫佬族|满族|羌族|各族)+$/;
const kinds = /(?:自治州|自治县|自治乡|民族乡|特区|新区|林区|街道办|街道|社区|省|州|市|县|区|镇|乡)$/;

/** The one spelling of a place: half-width, without blanks and dots, without what its office is called. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s·.、,，]/g, '')
    .replace(seat, '');

/** What is left of a place's name without what kind of place it is: `花溪` of 花溪区, `高坡` of 高坡苗族乡. */
export const placeStem = (text: string): string => {
  const name = plain(text);
  const stem = name.replace(kinds, '').replace(peoples, '');
  return [...stem].length < 2 ? name : stem;
};

/** Finds places by what people write; built once for many. */
export const placeFinder = (places: readonly NamedPlace[]) => {
  const byCode = new Map(places.map((place) => [place.code, place]));
  const keyed = (keyOf: (name: string) => string) => {
    const found = new Map<string, Set<NamedPlace>>();
    for (const place of places) {
      for (const column of place.columns) {
        for (const name of place.names) {
          const key = `${column} ${keyOf(name)}`;
          found.set(key, (found.get(key) ?? new Set()).add(place));
        }
      }
    }
    return (column: PlaceColumn, text: string): readonly NamedPlace[] => [
      ...(found.get(`${column} ${keyOf(text)}`) ?? []),
    ];
  };
  const byName = keyed(plain);
  const byStem = keyed(placeStem);

  /** Those of one column that a text can mean: by their whole name, or all of that stem. */
  const named = (column: PlaceColumn, text: string): readonly NamedPlace[] => {
    const exact = byName(column, text);
    return exact.length > 0 ? exact : byStem(column, text);
  };

  const liesUnder = (place: NamedPlace, written: WrittenPlace): boolean =>
    placeColumns.every((column) => {
      if (written[column] === '' || place.columns.includes(column)) return true;
      return named(column, written[column]).some(({ code }) => place.above.includes(code));
    });

  /** What a text means among those that it can mean: the whole name first, then the stem, under what stands above. */
  const meant = (column: PlaceColumn, written: WrittenPlace): readonly NamedPlace[] => {
    const under = (found: readonly NamedPlace[]) => found.filter((place) => liesUnder(place, written));
    const exact = under(byName(column, written[column]));
    return exact.length > 0 ? exact : under(byStem(column, written[column]));
  };

  /** The place that is written; `prefer` chooses among several where one of them alone is meant by it. */
  const find = (written: WrittenPlace, prefer: (code: string) => boolean): PlaceFound => {
    const given = placeColumns.filter((column) => written[column] !== '');
    const deepest = given.at(-1);
    if (deepest === undefined) return { outcome: 'blank' };
    const unknown = given.find((column) => named(column, written[column]).length === 0);
    if (unknown !== undefined) return { outcome: 'unknown', column: unknown };
    const all = meant(deepest, written);
    const preferred = all.filter(({ code }) => prefer(code));
    const [only, ...others] = preferred.length > 0 ? preferred : all;
    if (only === undefined) return { outcome: 'notThere', column: deepest };
    if (others.length === 0) return { outcome: 'found', code: only.code };
    return { outcome: 'ambiguous', column: deepest, codes: [only, ...others].map(({ code }) => code) };
  };

  return { find, place: (code: string) => byCode.get(code) };
};

export type PlaceFinder = ReturnType<typeof placeFinder>;
