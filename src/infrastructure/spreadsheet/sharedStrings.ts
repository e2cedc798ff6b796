import { FileRefused } from './refused.ts';
import { readXml } from './xml.ts';

// More than any roster needs: what a cell keeps of a text, and how many texts there may be.
const longestText = 1000;
const mostTexts = 200_000;

/** The texts that the cells of a workbook point to, in order, without hints on how to read them. */
export const readSharedStrings = async (pieces: AsyncIterable<Uint8Array>): Promise<readonly string[]> => {
  const texts: string[] = [];
  let text = '';
  let inText = false;
  let inHint = false;
  await readXml(pieces, {
    open: {
      si: () => {
        text = '';
      },
      rPh: () => {
        inHint = true;
      },
      t: () => {
        inText = true;
      },
    },
    close: {
      t: () => {
        inText = false;
      },
      rPh: () => {
        inHint = false;
      },
      si: () => {
        if (texts.push(text) > mostTexts) throw new FileRefused('tooMuchInside');
      },
    },
    text: (more) => {
      if (inText && !inHint && text.length < longestText) text += more.slice(0, longestText);
    },
  });
  return texts;
};
