import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { StockView } from '#application/stockRows.ts';
import { type PrintedParity, printedParities } from '#domain/stock/serial.ts';
import { type SheetFile, sendSheet } from '../../sheets.ts';
import { staffOf } from './access.ts';
import { stockBarsOf } from './bars.ts';
import { officeName, parityText } from './shown.ts';
import { forecastText } from './stockForecast.ts';
import { may, officeIn, seenOf, shipmentPage, stockPage } from './stockPlace.ts';

const columns = ['held', 'inTransit', 'issued', 'voided', 'missing', 'lost', 'writtenOff', 'destroyed'] as const;

const sumOf = ({ counts }: StockView): number => columns.reduce((sum, column) => sum + counts[column], 0);

const lineOf = (request: FastifyRequest, name: string, href: string | undefined, view: StockView) => ({
  name,
  href,
  view,
  low: view.low,
  counts: columns.map((column) => ({ label: request.text(`stock.sets.${column}`), count: view.counts[column] })),
  sum: sumOf(view),
  forecast: forecastText(request, view.forecast),
});

/** The stock of one parity at and below an organisation. */
const parityModel = async (services: Services, request: FastifyRequest, code: string, parity: PrintedParity) => {
  const { total, own, below } = seenOf(await services.stock.totals(staffOf(request), code, parity));
  const office = officeName(services, code);
  const lines = [
    lineOf(request, request.text('stock.ownLine', { office }), stockPage({ office: code, parity }), own),
    ...below.map((one) => {
      const leaf = services.deps.offices.children(one.office.code).every(({ kind }) => kind !== 'administration');
      const href = leaf ? stockPage({ office: one.office.code, parity }) : `/stock/${one.office.code}`;
      return lineOf(request, one.office.name, href, one.view);
    }),
  ];
  const bars = below.map(({ office: { name }, view: { counts } }) => {
    const gone = counts.voided + counts.writtenOff + counts.destroyed;
    const missing = counts.missing + counts.lost;
    return {
      name,
      counts: { held: counts.held, inTransit: counts.inTransit, issued: counts.issued, voided: gone, missing },
    };
  });
  const { printed } = total.counts;
  const sum = sumOf(total);
  return {
    parity,
    name: parityText(request, parity),
    total: lineOf(request, request.text('stock.total'), undefined, total),
    lines: lines.toSorted((one, other) => Number(other.low) - Number(one.low)),
    bars: stockBarsOf(bars),
    sums:
      printed > 0 ? request.text(`stock.sums.${printed === sum ? 'agree' : 'differ'}`, { printed, sum }) : undefined,
    sumsAgree: printed === sum,
    ledger: stockPage({ office: code, parity }),
  };
};

/** What waits for the people of the organisation, each with where it is done. */
const waitingModel = async (services: Services, request: FastifyRequest) => {
  const found = await services.stock.waiting(staffOf(request));
  if (found.outcome === 'forbidden') return undefined;
  const text = (key: string, fill: Readonly<Record<string, unknown>>) => request.text(`stock.waiting.${key}`, fill);
  const named = ({ office, parity }: { office: string; parity: PrintedParity }) => {
    return { office: officeName(services, office), parity: parityText(request, parity) };
  };
  const own = services.deps.offices.current(staffOf(request).office);
  const lines = [
    ...found.low.map((view) => ({
      href: stockPage(view),
      low: true,
      text: text('low', { ...named(view), held: view.counts.held }),
    })),
    ...found.toReceive.map((row) => ({
      href: `${shipmentPage(row.id)}/receive`,
      text: text('receive', { ...named({ office: row.from, parity: row.parity }), count: row.inTransit }),
    })),
    ...found.toDecide.map((one) => ({
      href: `${stockPage(one)}/approve`,
      text: text('decide', { ...named(one), count: one.count }),
    })),
    ...found.toSend.map((one) => ({
      href: `${stockPage({ office: own, parity: one.parity })}/dispatch?${new URLSearchParams({ order: one.name })}`,
      text: text('send', { ...named(one), count: one.count }),
    })),
    ...found.toConfirm.map((one) => ({
      href: `${stockPage(one)}/${one.what === 'count' ? 'confirm-take' : 'confirm-disposal'}`,
      text: text(one.what, named(one)),
    })),
  ];
  return lines.length > 0 ? lines : undefined;
};

const treeModel = async (services: Services, request: FastifyRequest) => {
  const office = officeIn(services, request);
  const parent = services.deps.offices.find(office.parent);
  const own = office.code === services.deps.offices.current(staffOf(request).office);
  return {
    title: request.text('stock.title', { office: office.name }),
    up:
      parent && may(services, request, { act: 'seeStock', office: parent.code })
        ? { name: parent.name, href: `/stock/${parent.code}` }
        : undefined,
    columns: columns.map((column) => request.text(`stock.sets.${column}`)),
    waiting: own ? await waitingModel(services, request) : undefined,
    spreadsheet: `/stock/${office.code}/numbers.xlsx`,
    now: new Date(services.deps.clock()).toISOString(),
    parities: await Promise.all(printedParities.map((parity) => parityModel(services, request, office.code, parity))),
  };
};

const sheetOf = async (services: Services, request: FastifyRequest): Promise<SheetFile> => {
  const { parities } = await treeModel(services, request);
  const heads = ['office', 'parity', ...columns, 'sum', 'forecast'];
  return {
    sheet: request.text('stock.nav'),
    columns: heads.map((head) => {
      const key = (columns as readonly string[]).includes(head) ? `stock.sets.${head}` : `stock.columns.${head}`;
      return { title: request.text(key), width: head === 'office' ? 40 : head === 'forecast' ? 36 : 12 };
    }),
    rows: parities.flatMap(({ name, lines, total }) =>
      [...lines, total].map((line) => [
        line.name,
        name,
        ...line.counts.map(({ count }) => count),
        line.sum,
        line.forecast,
      ]),
    ),
  };
};

/** The tree of stocks: totals at and below an organisation, what waits, and the same numbers as a spreadsheet (C7). */
export const stockRoutes = (app: FastifyInstance, services: Services): void => {
  app.get(
    '/stock',
    (request, reply): FastifyReply =>
      reply.redirect(`/stock/${services.deps.offices.current(staffOf(request).office)}`, 303),
  );
  app.get('/stock/:office', async (request, reply) =>
    reply.page('management/stock', await treeModel(services, request)),
  );
  app.get('/stock/:office/numbers.xlsx', async (request, reply) =>
    sendSheet(reply, `stock-${officeIn(services, request).code}`, 'xlsx', await sheetOf(services, request)),
  );
};
