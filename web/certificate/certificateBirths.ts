import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import { dayText } from '../times.ts';
import { bilingual, fitted, inChinese } from './certificateTable.ts';
import { chineseCount, chineseDate } from './chineseDate.ts';
import type { Step } from './fitText.ts';
import { html, type Markup } from './markup.ts';
import { seal } from './seal.ts';

// Millimetres, as the classes `certificate-institution-0` and so on in certificate-births.css set them.
const institutionSteps: readonly Step[] = [
  { size: 3.4, lines: 1 },
  { size: 2.8, lines: 1 },
  { size: 2.8, lines: 2 },
  { size: 2.3, lines: 3 },
];
const institutionWidth = 39;
/** So many children stand below each other; more stand in two columns. */
const inOneColumn = 4;

type Births = NonNullable<CertificateContent['births']>;
type Child = Births['children'][number];

const rows = (children: readonly Child[], from: number): Markup => html`<table>
<thead><tr><th scope="col">${inChinese('births.order')}</th><th scope="col">${inChinese('births.sex')}</th><th scope="col">${inChinese('births.bornOn')}</th></tr></thead>
<tbody>${children.map(
  ({ sex, bornOn }, at) =>
    html`<tr><th scope="row">${chineseCount(from + at)}</th><td>${inChinese(`births.${sex}`)}</td><td>${dayText('zh-CN', bornOn)}</td></tr>`,
)}</tbody></table>`;

/** What an institution annotated of the birth, with its seal and day (M2, §3.3.2). */
export const certificateBirths = ({ institution, annotatedOn, children }: Births): Markup => {
  const half = children.length > inOneColumn ? Math.ceil(children.length / 2) : children.length;
  const [first, second] = [children.slice(0, half), children.slice(half)];
  return html`<section class="certificate-births"><h2>${bilingual('births.title')}</h2>
<div class="certificate-children${second.length > 0 ? ' certificate-children-two' : ''}">${rows(first, 1)}${second.length > 0 ? rows(second, half + 1) : undefined}</div>
<div class="certificate-institution">${seal(institution.name, inChinese('births.sealPurpose'))}
<p>${fitted(institution.name, 'institution', institutionWidth, institutionSteps)}</p><p class="certificate-annotated">${chineseDate(annotatedOn)}</p></div></section>`;
};
