import type { IssueSlip } from '#application/ordinaryPaper.ts';
import { maskIdNumber } from '#domain/people/mask.ts';
import { chineseCount, chineseDate } from '../certificate/chineseDate.ts';
import { html, type Markup } from '../certificate/markup.ts';
import { locales, translate } from '../locale.ts';
import { printedPage } from './printedPage.ts';

const [chinese] = locales;
const say = (key: string, fill?: Readonly<Record<string, unknown>>): string =>
  translate(chinese, `issueSlip.${key}`, fill);

const page = { width: 210, height: 148 };

const shownAtEnd = 4;

/** Enough to compare with the document that lies there, and no more: the slip is filed. */
const numberShown = ({ document, documentNumber }: IssueSlip['bearer']): string => {
  if (document === 'idCard') return maskIdNumber(documentNumber);
  const characters = [...documentNumber];
  const hidden = Math.max(1, characters.length - shownAtEnd);
  return '*'.repeat(hidden) + characters.slice(hidden).join('');
};

const row = (key: string, value: string): Markup => html`<tr><th scope="row">${say(key)}</th><td>${value}</td></tr>`;

const slipOf = (slip: IssueSlip): Markup => {
  const { bearer } = slip;
  const document = translate(chinese, `verification.documents.${bearer.document}`);
  return html`<section class="sheet slip"><h1>${say('title')}</h1>
${slip.specimen ? html`<p class="specimen">${say('specimen')}</p>` : undefined}
<table><tbody>
${row('serial', slip.serial)}
${row('parity', say('parityValue', { parity: chineseCount(slip.parity) }))}
${row('couple', say('coupleValue', { wife: slip.wife, husband: slip.husband }))}
${row('bearer', bearer.name)}
${row('document', say('documentValue', { document, number: numberShown(bearer) }))}
${row('registeringOffice', slip.registeringOffice)}
${row('office', slip.office)}
${row('issuedOn', chineseDate(slip.issuedOn))}
${row('handler', slip.handler)}
</tbody></table>
<p class="signatures"><span>${say('bearerSigns')}</span><span>${say('handlerSigns')}</span></p></section>`;
};

/** The slips that an office files of what it issued, a landscape A5 page each (§3.1.3(3)). */
export const slipDocument = (slips: readonly IssueSlip[], fontCss: string): string =>
  printedPage({ title: say('title'), page, fontCss, body: html`${slips.map(slipOf)}` });
