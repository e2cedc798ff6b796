import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RevocationNotice } from '#application/revocationNotice.ts';
import { locales, translate } from '../locale.ts';
import { chineseCount, chineseDate } from './chineseDate.ts';
import { html, type Markup } from './markup.ts';
import { seal } from './seal.ts';

const [chinese] = locales;
const say = (key: string, fill?: Readonly<Record<string, unknown>>): string =>
  translate(chinese, `revocationNotice.${key}`, fill);

let style: string | undefined;

const body = (notice: RevocationNotice): Markup => {
  const { wife, husband, parity, certificate, reasons, text, heardOn, statement, revokedOn, office, specimen } = notice;
  const about = { wife, husband, parity: chineseCount(parity), certificate };
  const why = reasons.map((code) => translate(chinese, `reasons.revoke.${code}`));
  return html`<article class="notice-sheet">
<h1>${office.name}</h1><h2>${say('title')}</h2>
${specimen ? html`<p class="notice-specimen">${say('specimen')}</p>` : undefined}
<p class="notice-to">${say('to', about)}</p>
<p>${say('about', about)}</p>
<p>${say('told', { day: chineseDate(heardOn) })}${say('statement', { statement })}</p>
<p>${say('because')}</p><ol>${why.map((one) => html`<li>${one}</li>`)}</ol>
<p>${text}</p>
<p>${say('decision', about)}</p>
<p>${say('rights')}</p>
<div class="notice-signature">${seal(office.name, say('sealPurpose'))}<p>${office.name}</p><p>${chineseDate(revokedOn)}</p></div>
</article>`;
};

/** The notice of a revocation, one A4 page in Chinese that loads nothing: reasons, facts, rights, office, day and seal (R10). */
export const revocationNoticeDocument = (notice: RevocationNotice, fontCss: string): string => {
  style ??= readFileSync(join(import.meta.dirname, '..', 'assets', 'revocation-notice.css'), 'utf8');
  const title = html`${say('title')}`.markup;
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title><style>${fontCss}${style}</style></head><body>${body(notice).markup}</body></html>`;
};
