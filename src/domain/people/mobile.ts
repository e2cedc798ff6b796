const shape = /^1[3-9]\d{9}$/;

/** The one spelling of a mainland mobile number: 11 digits without country code, blanks or dashes. */
export const normaliseMobile = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s‐‑‒–—-]/g, '')
    .replace(/^(?:\+|00)86/, '');

/** Whether a text is a mainland mobile number, country code, blanks and dashes forgiven. */
export const isMobile = (text: string): boolean => shape.test(normaliseMobile(text));
