import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Leaflet } from '#application/leaflet.ts';
import { locales, translate } from '../locale.ts';
import { dayText } from '../times.ts';
import { html, type Markup } from './markup.ts';
import { qrCode } from './qrCode.ts';

const [chinese] = locales;
const say = (key: string, fill?: Readonly<Record<string, unknown>>): string =>
  translate(chinese, `leaflet.${key}`, fill);
const inEnglish = (key: string, fill?: Readonly<Record<string, unknown>>): Markup =>
  html`<span class="leaflet-english" lang="en">${translate('en', `leaflet.${key}`, fill)}</span>`;
const both = (key: string): Markup => html`${say(key)}${inEnglish(key)}`;

const toBring = ['identity', 'household', 'marriage', 'card'] as const;

const fact = (key: string, value: string): Markup => html`<p><span>${say(key)}</span> ${value}</p>`;

const officeCard = ({ name, address, phone }: Leaflet['office']): Markup =>
  html`<div class="leaflet-office"><p class="leaflet-name">${name}</p>
${address === undefined ? undefined : fact('address', address)}${phone === undefined ? undefined : fact('phone', phone)}
${address === undefined ? html`<p>${both('noAddress')}</p>` : undefined}</div>`;

const body = ({ institution, on, office, publicUrl }: Leaflet): Markup => {
  const address = publicUrl.replace(/^https?:\/\//, '');
  const english = { institution, day: dayText('en', on) };
  return html`<article class="leaflet"><h1>${both('title')}</h1><p class="leaflet-lead">${both('lead')}</p>
<section class="leaflet-online"><div><h2>${both('online')}</h2><p>${both('onlineText')}</p><p class="leaflet-url">${address}</p></div>${qrCode(publicUrl, say('qrLabel'))}</section>
<section><h2>${both('counter')}</h2><p>${both('counterText')}</p>${officeCard(office)}</section>
<section><h2>${both('bring')}</h2><ul>${toBring.map((key) => html`<li>${both(key)}</li>`)}</ul></section>
<section><h2>${both('after')}</h2><p>${both('afterText')}</p></section>
<p class="leaflet-given">${say('given', { institution, day: dayText(chinese, on) })}${inEnglish('given', english)}</p></article>`;
};

let style: string | undefined;

/** The leaflet that tells her how to register, one A5 page in Chinese with English, which loads nothing (M1, §3.3.1). */
export const leafletDocument = (leaflet: Leaflet, fontCss: string): string => {
  style ??= readFileSync(join(import.meta.dirname, '..', 'assets', 'leaflet.css'), 'utf8');
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${html`${say('title')}`.markup}</title><style>${fontCss}${style}</style></head><body>${body(leaflet).markup}</body></html>`;
};
