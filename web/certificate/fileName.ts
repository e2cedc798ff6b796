import { locales, translate } from '../locale.ts';

/**
 * The header under which a certificate's PDF is shown and saved: named in Chinese and by its number, by the number alone
 * where RFC 5987 is not known. Nobody's name is in it.
 */
export const pdfDisposition = (number: string): string => {
  const name = encodeURIComponent(`${translate(locales[0], 'cases.certificateTitle')}-${number}.pdf`);
  return `inline; filename="${number}.pdf"; filename*=UTF-8''${name}`;
};
