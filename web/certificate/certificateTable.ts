import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import { translate } from '../locale.ts';
import { dayText } from '../times.ts';
import { addressWords } from './addressWords.ts';
import { chineseCount } from './chineseDate.ts';
import { fittingStep, fittingWords, type Step } from './fitText.ts';
import { html, type Markup } from './markup.ts';

// Millimetres, as the classes `certificate-cell-0` and so on in certificate-table.css set them.
const cellSteps: readonly Step[] = [
  { size: 4.7, lines: 1 },
  { size: 4.3, lines: 2 },
  { size: 3.7, lines: 3 },
  { size: 3.2, lines: 4 },
  { size: 2.8, lines: 5 },
  { size: 2.4, lines: 6 },
  { size: 2.1, lines: 8 },
];
const nameSteps: readonly Step[] = [
  { size: 5.8, lines: 1 },
  { size: 4.6, lines: 1 },
  { size: 3.7, lines: 2 },
  { size: 3.2, lines: 2 },
];
const factSteps: readonly Step[] = [
  { size: 4.5, lines: 1 },
  { size: 3.6, lines: 1 },
  { size: 2.7, lines: 2 },
];
const cellWidth = 97;
const factWidth = 56;

/** A text of the certificate in Chinese. */
export const inChinese = (key: string, fill?: Readonly<Record<string, unknown>>): string =>
  translate('zh-CN', `certificate.${key}`, fill);

/** A text of the certificate in Chinese with the English one small below it. */
export const bilingual = (key: string): Markup =>
  html`${inChinese(key)}<span class="certificate-english" lang="en">${translate('en', `certificate.${key}`)}</span>`;

/** A text in the largest size of its kind at which it fits. */
export const fitted = (text: string, kind: string, width: number, steps: readonly Step[]): Markup =>
  html`<span class="certificate-${kind}-${fittingStep(text, width, steps)}">${text}</span>`;

type Spouse = CertificateContent['wife'];

const name = (spouse: Spouse) => fitted(spouse.name, 'name', cellWidth, nameSteps);
const idNumber = (spouse: Spouse) => html`<span class="certificate-digits">${spouse.idNumber}</span>`;

const place = (text: string): Markup => {
  const words = addressWords(text);
  const step = fittingWords(words, cellWidth, cellSteps);
  return html`<span class="certificate-cell-${step}">${words.map((word, at) => html`${at === 0 ? undefined : html`<wbr>`}${word}`)}</span>`;
};

const row = (key: string, { wife, husband }: CertificateContent, show: (spouse: Spouse) => Markup): Markup =>
  html`<tr><th scope="row">${bilingual(key)}</th><td>${show(wife)}</td><td>${show(husband)}</td></tr>`;

const fact = (key: string, value: string): Markup =>
  html`<div><dt>${bilingual(key)}</dt><dd>${fitted(value, 'fact', factWidth, factSteps)}</dd></div>`;

/** Who the couple is, and below the table what was registered. */
export const certificateTable = (content: CertificateContent): Markup => {
  const { marriage, parity, children } = content;
  const count = children === 0 ? inChinese('noChildren') : inChinese('childrenValue', { count: children });
  return html`<div class="certificate-particulars"><table>
<thead><tr><th scope="col">${bilingual('item')}</th><th scope="col">${bilingual('wife')}</th><th scope="col">${bilingual('husband')}</th></tr></thead>
<tbody>
${row('name', content, name)}
${row('idNumber', content, idNumber)}
${row('household', content, ({ household }) => place(household))}
${row('residence', content, ({ residence }) => place(residence))}
</tbody></table>
<dl>
${fact('parity', inChinese('parityValue', { parity: chineseCount(parity) }))}
${fact('children', count)}
${fact('marriedOn', dayText('zh-CN', marriage.registeredOn))}
${fact('marriageCertificate', marriage.certificateNumber)}
</dl></div>`;
};
