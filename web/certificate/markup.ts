/** HTML that is safe to send as it is. Made by `html` alone. */
export type Markup = { readonly markup: string };

type Inserted = string | number | Markup | readonly Markup[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const isMarkup = (value: object): value is Markup => 'markup' in value;

const inserted = (value: Inserted): string => {
  if (value === undefined) return '';
  if (typeof value !== 'object') return String(value).replace(/[&<>"']/g, (one) => entities[one] ?? one);
  return isMarkup(value) ? value.markup : value.map(({ markup }) => markup).join('');
};

/** A template whose inserted texts are escaped; inserted markup stays, lists are joined, undefined is nothing. */
export const html = (fixed: TemplateStringsArray, ...values: readonly Inserted[]): Markup => ({
  markup: fixed.map((part, at) => part + inserted(values[at])).join(''),
});
