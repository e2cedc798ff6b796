import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import { rangesText } from '../../serials.ts';
import { staffOf } from './access.ts';
import { officeName, parityText } from './shown.ts';
import { actsIn } from './stockActs.ts';
import { foundSerial } from './stockFinder.ts';
import { forecastText } from './stockForecast.ts';
import type { Turn } from './stockForm.ts';
import { orderOf, typedRanges } from './stockOrders.ts';
import { may, nameOf, seenOf, shipmentPage, stockPage } from './stockPlace.ts';
import { openStock, type StockSubject } from './stockSubject.ts';

const mostRanges = 100;
const figures = ['held', 'issued', 'voided', 'missing', 'writtenOff', 'destroyed', 'inTransit', 'lost'] as const;
const listed = ['held', 'voided', 'issued', 'writtenOff', 'destroyed'] as const;

const shipmentLine = async ({ services, request }: Turn, row: ShipmentRow) => ({
  href: shipmentPage(row.id),
  number: row.id,
  at: row.settledAt ?? row.dispatchedAt,
  from: officeName(services, row.from),
  to: officeName(services, row.to),
  ranges: rangesText(request.locale, row.ranges),
  count: sizeOf(row.ranges),
  purpose: request.text(`stockWords.purposes.${row.spoilt ? 'spoilt' : row.purpose}`),
  status: row.lost > 0 ? 'differs' : row.status,
  statusText: request.text(`stock.statuses.${row.lost > 0 ? 'lost' : row.status}`),
  handedOverBy: await nameOf(services, row.handedOverBy),
  receivedBy: await nameOf(services, row.receivedBy),
  receive:
    row.status === 'inTransit' && may(services, request, { act: 'manageStock', office: row.to })
      ? `${shipmentPage(row.id)}/receive`
      : undefined,
});

const rangeLists = (request: FastifyRequest, { found }: StockSubject) =>
  listed
    .map((set) => ({ set, ranges: (found.view.row?.[set] ?? []) as Ranges }))
    .filter(({ ranges }) => ranges.length > 0)
    .map(({ set, ranges }) => ({
      set,
      title: request.text(`stock.sets.${set}`),
      count: sizeOf(ranges),
      open: set === 'held',
      lines: ranges.slice(0, mostRanges).map((range) => rangesText(request.locale, [range])),
      more: Math.max(0, ranges.length - mostRanges),
    }));

const requestsOf = ({ services, request }: Turn, at: StockSubject) => {
  const supplies = may(services, request, { act: 'supplyStock', office: at.of.office });
  return at.found.requests.toReversed().map((one) => {
    const isSource = one.source !== undefined && may(services, request, { act: 'manageStock', office: one.source });
    const order = new URLSearchParams({ order: orderOf(at, one.request) });
    return {
      ...one,
      statusText: request.text(`stock.requests.${one.status}`),
      from: one.source && officeName(services, one.source),
      approve: one.status === 'open' && supplies ? `${stockPage(at.of)}/approve` : undefined,
      refuse: one.status === 'open' && supplies ? `${stockPage(at.of)}/refuse` : undefined,
      send:
        one.status === 'approved' && isSource && one.source
          ? `${stockPage({ office: one.source, parity: at.of.parity })}/dispatch?${order}`
          : undefined,
    };
  });
};

const missingLines = ({ services, request }: Turn, { found }: StockSubject) =>
  Promise.all(
    found.missing.map(async (one) => ({
      ranges: rangesText(request.locale, [one]),
      holder: (await nameOf(services, one.holder)) ?? request.text('stock.fromPress'),
      shipment: one.shipment,
    })),
  );

/** Stock-takes, write-offs and destructions that are decided: what, which serials, by whom and when. */
const checksOf = async ({ services, request }: Turn, { found }: StockSubject) => {
  const { counted } = found.view.row ?? {};
  const names = async (...accounts: readonly (string | undefined)[]) =>
    (await Promise.all(accounts.map((account) => nameOf(services, account)))).filter(Boolean).join(' → ');
  const decided = found.disposals.filter(({ status }) => status !== 'proposed');
  const lines = decided.map(async (one) => ({
    what: request.text(`stockWords.disposals.${one.kind}`),
    at: one.decidedAt ?? one.proposedAt,
    result: request.text(`stock.checks.${one.status}`, {
      ranges: rangesText(request.locale, one.ranges),
      reason: one.refusal ?? one.reason ?? '',
    }),
    people: await names(one.proposedBy, one.decidedBy),
  }));
  const fill = counted && { count: counted.count, missing: sizeOf(counted.missing), found: sizeOf(counted.found) };
  return [
    ...(counted
      ? [
          {
            what: request.text('stock.forms.take.link'),
            at: counted.at,
            result: request.text('stock.checks.counted', fill),
            people: await names(counted.takenBy, counted.confirmedBy),
          },
        ]
      : []),
    ...(await Promise.all(lines)).toReversed(),
  ];
};

/** What waits for a second person, or for a word with them. */
const toConfirm = async ({ services, request }: Turn, at: StockSubject) => {
  const { row } = at.found.view;
  const disposal = at.found.disposals.find(({ status }) => status === 'proposed');
  const own = may(services, request, { act: 'manageStock', office: at.of.office });
  if (!own && !may(services, request, { act: 'supplyStock', office: at.of.office })) return [];
  const line = async (key: string, by: string, acts: readonly string[]) => ({
    text: request.text(`stock.waits.${key}`, { name: await nameOf(services, by) }),
    acts: acts.map((name) => ({ href: `${stockPage(at.of)}/${name}`, text: request.text(`stock.waits.${name}`) })),
  });
  return [
    ...(row?.open ? [await line('count', row.open.takenBy, ['confirm-take'])] : []),
    ...(disposal ? [await line(disposal.kind, disposal.proposedBy, ['confirm-disposal', 'dismiss-disposal'])] : []),
  ];
};

const ledger = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const at = await openStock(turn);
  const { view, coming, sent, merged } = at.found;
  const { shipments } = seenOf(await services.stock.movements(staffOf(request), at.of));
  const lines = (rows: readonly ShipmentRow[]) => Promise.all(rows.map((row) => shipmentLine(turn, row)));
  const acts = actsIn(turn, at);
  const { done } = request.query as { done?: unknown };
  const open = at.found.requests.some(({ status }) => status === 'open');
  const asks = acts.some(({ key }) => key === 'request') && !open;
  return reply.page('management/stockLedger', {
    title: at.title,
    back: { name: officeName(services, at.of.office), href: `/stock/${at.of.office}` },
    url: stockPage(at.of),
    other: {
      href: stockPage({ ...at.of, parity: at.of.parity === 1 ? 2 : 1 }),
      name: parityText(request, at.of.parity === 1 ? 2 : 1),
    },
    issues: `/ordinary/ledger?${new URLSearchParams({ office: at.of.office, parity: String(at.of.parity) })}`,
    revision: Math.max(0, at.revision),
    done: typeof done === 'string' ? doneText(request, done) : undefined,
    low: view.low && request.text('stock.low', { held: view.counts.held, threshold: view.threshold }),
    forecast: forecastText(request, view.forecast),
    ask: asks && (view.low || view.forecast.suggested > 0) ? view.forecast.suggested || undefined : undefined,
    figures: figures.map((name) => ({ name, label: request.text(`stock.sets.${name}`), count: view.counts[name] })),
    printed: (view.row?.printed ?? []).map((range) => rangesText(request.locale, [range])),
    coming: await lines(coming),
    sent: await lines(sent),
    movements: await lines(shipments),
    lists: rangeLists(request, at),
    missing: await missingLines(turn, at),
    requests: requestsOf(turn, at),
    waits: await toConfirm(turn, at),
    checks: await checksOf(turn, at),
    merged: merged.map((one) => ({
      href: stockPage(one),
      name: officeName(services, one.office),
      held: one.counts.held,
    })),
    find: await foundSerial(turn),
    example: typedRanges(at.parity, [{ from: 202_600_000_001, to: 202_600_000_001 }]),
    acts,
    trail: services.audit.mayReadTrail(staffOf(request), at.of.office)
      ? `/audit/records/stock/${at.of.office}-${at.of.parity}`
      : undefined,
  });
};

const doneKeys = [
  ...['printRun', 'void', 'threshold', 'take', 'confirmTake', 'writeOff', 'destroy', 'confirmDisposal'],
  ...['dismissDisposal', 'dispatch', 'request', 'approve', 'refuse', 'reallocate'],
];
const doneText = (request: FastifyRequest, done: string) =>
  doneKeys.includes(done) ? request.text(`stock.forms.${done}.done`) : undefined;

/** The ledger of one stock: what is there, what moved, by whom, and what can be done (C7). */
export const stockLedgerRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/stock/:office/:parity', (request, reply) => ledger({ services, request, reply }));
};
