const endings =
  '自治州|自治县|街道|社区|小区|居委会|村委会|单元|号楼|新区|特区|省|市|州|县|区|镇|乡|村|组|路|街|道|巷|栋|幢|楼|号|室';
const word = new RegExp(`.{1,12}?(?:${endings})+(?!${endings})`, 'gsu');

/** An address in the pieces that a line may end after: names of places, streets and houses stay whole. */
export const addressWords = (text: string): readonly string[] => {
  const ends = [...text.matchAll(word)].map(({ index, 0: found }) => index + found.length);
  return [...ends, text.length].map((end, at) => text.slice(ends[at - 1] ?? 0, end)).filter((one) => one !== '');
};
