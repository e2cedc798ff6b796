import type { OrdinaryPaper, PrinterOffset } from '#application/ordinaryPaper.ts';
import { addressWords } from '../certificate/addressWords.ts';
import { fittingWords, type Step } from '../certificate/fitText.ts';
import { html, type Markup } from '../certificate/markup.ts';
import { qrCode } from '../certificate/qrCode.ts';
import { locales, translate } from '../locale.ts';
import { dayText } from '../times.ts';
import { printedPage } from './printedPage.ts';
import { type Area, type Box, type PaperField, templateOf } from './template.ts';

const [chinese] = locales;
const say = (key: string, fill?: Readonly<Record<string, unknown>>): string =>
  translate(chinese, `ordinaryPaper.${key}`, fill);

const shares = [1, 0.9, 0.8, 0.72, 0.64, 0.57, 0.5, 0.45, 0.4, 0.36];
const lineHeight = 1.15;

/** The sizes that a box may fall back to, with the lines that each leaves room for. */
export const stepsOf = ({ size, height }: Box): readonly Step[] =>
  shares.map((share) => ({ size: size * share, lines: Math.max(1, Math.floor(height / (size * share * lineHeight))) }));

/** What is printed in each box; an empty text prints nothing. */
export const textsOf = (paper: OrdinaryPaper): Readonly<Record<PaperField, string>> => {
  const { wife, husband, marriage, issuedOn } = paper;
  const [year = '', month = '', day = ''] = issuedOn.split('-').map((part) => String(Number(part)));
  return {
    serial: paper.number,
    wifeName: wife.name,
    husbandName: husband.name,
    wifeIdNumber: wife.idNumber,
    husbandIdNumber: husband.idNumber,
    wifeHousehold: wife.household,
    husbandHousehold: husband.household,
    wifeResidence: wife.residence,
    husbandResidence: husband.residence,
    marriageCertificate: marriage.certificateNumber,
    marriedOn: dayText(chinese, marriage.registeredOn),
    children: say('children', { count: paper.children }),
    office: paper.office.name,
    year,
    month,
    day,
    specimen: paper.specimen ? say('specimen') : '',
  };
};

const placed = ({ x, y, width, height }: Area): string => `left:${x}mm;top:${y}mm;width:${width}mm;height:${height}mm`;

const boxOf = (box: Box, text: string): Markup => {
  const words = addressWords(text);
  const steps = stepsOf(box);
  const size = steps[fittingWords(words, box.width, steps)]?.size ?? box.size;
  const style = `${placed(box)};font-size:${size.toFixed(2)}mm;text-align:${box.align}`;
  return html`<p class="box" style="${style}"><span>${words.map((word, at) => html`${at === 0 ? undefined : html`<wbr>`}${word}`)}</span></p>`;
};

const sheetOf = (paper: OrdinaryPaper, { dx, dy }: PrinterOffset): Markup => {
  const { boxes, code } = templateOf(paper.parity);
  const texts = textsOf(paper);
  return html`<section class="sheet"><div class="moved" style="transform:translate(${dx}mm,${dy}mm)">
${boxes.map((box) => boxOf(box, texts[box.field]))}
<div class="code" style="${placed(code)}">${qrCode(paper.verifyUrl, say('code'))}</div></div></section>`;
};

/** Several certificates as they are printed onto pre-printed paper, a page each; what moves is what the printer is off (C3). */
export const overprintDocument = (papers: readonly OrdinaryPaper[], offset: PrinterOffset, fontCss: string): string => {
  const { page } = templateOf(papers[0]?.parity ?? 1);
  const body = html`${papers.map((paper) => sheetOf(paper, offset))}`;
  return printedPage({ title: say('title'), page, fontCss, body });
};
