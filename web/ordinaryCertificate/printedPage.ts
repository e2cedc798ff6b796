import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, type Markup } from '../certificate/markup.ts';

let style: string | undefined;

/** A document of pages of one size, in millimetres, that loads nothing. */
export const printedPage = (printed: {
  title: string;
  page: { width: number; height: number };
  fontCss: string;
  body: Markup;
}): string => {
  const { title, page, fontCss, body } = printed;
  style ??= readFileSync(join(import.meta.dirname, '..', 'assets', 'printed-paper.css'), 'utf8');
  const size = `@page{size:${page.width}mm ${page.height}mm;margin:0}.sheet{width:${page.width}mm;height:${page.height}mm}`;
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${html`${title}`.markup}</title><style>${fontCss}${style}${size}</style></head><body>${body.markup}</body></html>`;
};
