import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import { translate } from '../locale.ts';
import { certificateBirths } from './certificateBirths.ts';
import { certificateTable, fitted, inChinese } from './certificateTable.ts';
import { chineseCount, chineseDate } from './chineseDate.ts';
import type { Step } from './fitText.ts';
import { frame } from './frame.ts';
import { rosette, waves } from './guilloche.ts';
import { html, type Markup } from './markup.ts';
import { qrCode } from './qrCode.ts';
import { seal } from './seal.ts';

const officeSteps: readonly Step[] = [
  { size: 5, lines: 1 },
  { size: 4.4, lines: 1 },
  { size: 3.8, lines: 1 },
  { size: 3.3, lines: 1 },
  { size: 2.7, lines: 1 },
  { size: 2.5, lines: 2 },
];
const officeWidth = 97;

let drawn: Markup | undefined;

// The same on every certificate, so it is drawn once.
const ground = (): Markup => {
  drawn ??= html`<svg class="certificate-ground" viewBox="0 0 297 210" aria-hidden="true" focusable="false">
<rect x="8" y="8.5" width="281" height="193" fill="#fffdf5"/>${waves(17.4, 17.9, 279.6, 192.1)}${rosette(148.5, 101)}${frame()}</svg>`;
  return drawn;
};

const specimen =
  (): Markup => html`<svg class="certificate-specimen" viewBox="0 0 297 210" aria-hidden="true" focusable="false">
<g fill="#a3161d" fill-opacity="0.1" font-weight="700" font-size="64" text-anchor="middle">
<text x="112" y="142" transform="rotate(-20 148.5 105)">${inChinese('specimen').slice(0, 1)}</text>
<text x="192" y="142" transform="rotate(-20 148.5 105)">${inChinese('specimen').slice(1)}</text></g></svg>`;

const heading = ({ number, parity, specimen: isSpecimen }: CertificateContent): Markup => {
  const [before = '', after = ''] = inChinese('basis', { registration: '\n' }).split('\n');
  const registration = inChinese('registration', { parity: chineseCount(parity) });
  const [opening = '', kind = '', closing = ''] = inChinese('title').split(/[（）]/);
  return html`<p class="certificate-number">${inChinese('number')} <span class="certificate-digits">${number}</span></p>
${isSpecimen ? html`<p class="certificate-note">${inChinese('specimenNote')}</p>` : undefined}
<h1>${opening}<span class="certificate-kind">（${kind}）</span>${closing}</h1>
<p class="certificate-subtitle" lang="en">${translate('en', 'certificate.title')}</p>
<p class="certificate-basis">${before}<strong>${registration}</strong>${after}</p>`;
};

const noteKeys = ['validity', 'use', 'verify', 'change'] as const;

const footing = ({ verifyUrl, office, issuedOn, births }: CertificateContent): Markup => {
  const address = verifyUrl.slice(0, verifyUrl.lastIndexOf('/')).replace(/^https?:\/\//, '');
  return html`<figure>${qrCode(verifyUrl, inChinese('qrLabel'))}<figcaption>${inChinese('scan')}</figcaption></figure>
${births && certificateBirths(births)}<div class="certificate-notes"><h2>${inChinese('notesTitle')}</h2><ol>${noteKeys.map(
    (key) => html`<li>${inChinese(`notes.${key}`, { address })}</li>`,
  )}</ol></div>
<div class="certificate-signature">${seal(office.name, inChinese('sealPurpose'))}
<p class="certificate-office">${fitted(office.name, 'office', officeWidth, officeSteps)}</p>
<p class="certificate-date">${chineseDate(issuedOn)}</p></div>`;
};

/**
 * A certificate as markup for a page that links `/assets/certificate.css`: no inline style or script. Always Chinese
 * with small English captions, whatever the visitor's language (C2).
 */
export const certificateBody = (content: CertificateContent): string =>
  html`<article class="certificate" lang="zh-CN"><div class="certificate-sheet">
${ground()}${content.specimen ? specimen() : undefined}
<div class="certificate-text">
${heading(content)}
${certificateTable(content)}
${footing(content)}
</div></div></article>`.markup;

const assets = join(import.meta.dirname, '..', 'assets');
const sheet = (name: string): string => readFileSync(join(assets, name), 'utf8');

let style: string | undefined;

/** The whole of a certificate in one HTML document that loads nothing; `fontCss` brings the faces it is printed in. */
export const certificateDocument = (content: CertificateContent, fontCss: string): string => {
  style ??= sheet('certificate.css').replace(/@import url\("([\w-]+\.css)"\);/g, (_, name: string) => sheet(name));
  const title = html`${inChinese('title')} ${content.number}`.markup;
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title><style>${fontCss}${style}</style></head><body>${certificateBody(content)}</body></html>`;
};
