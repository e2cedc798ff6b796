import type { Services } from '#application/services.ts';
import type { OfStock } from '#application/stockActing.ts';
import { staffOf } from './access.ts';
import { officeName, parityText } from './shown.ts';
import type { Subject, Turn } from './stockForm.ts';
import { may, seenOf, stockIn, stockPage } from './stockPlace.ts';

type Found = Extract<Awaited<ReturnType<Services['stock']['view']>>, { outcome: 'found' }>;
/** A stock with all that is known of it. */
export type StockSubject = Subject & { of: OfStock; found: Found };

/** The stock that an address names, as whoever is signed in sees it. */
export const openStock = async ({ services, request }: Turn): Promise<StockSubject> => {
  const of = stockIn(services, request);
  const found = seenOf(await services.stock.view(staffOf(request), of)) as Found;
  const office = officeName(services, of.office);
  const title = request.text('stock.stockOf', { office, parity: parityText(request, of.parity) });
  const back = { name: title, href: stockPage(of) };
  return { of, found, office, title, parity: of.parity, back, revision: found.view.row?.revision ?? -1 };
};

/** As the people of the organisation itself. */
export const manages = ({ services, request }: Turn, { of }: StockSubject) =>
  may(services, request, { act: 'manageStock', office: of.office });
/** As the second person, of the same organisation or of the one right above. */
export const confirms = (turn: Turn, at: StockSubject) =>
  manages(turn, at) || may(turn.services, turn.request, { act: 'supplyStock', office: at.of.office });
