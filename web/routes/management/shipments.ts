import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import { Problem } from '../../problems.ts';
import { rangesText } from '../../serials.ts';
import { staffOf } from './access.ts';
import { officeName, parityText } from './shown.ts';
import { placeText } from './stockFaults.ts';
import { countIn, type StockForm, type Subject, stockFormRoutes, type Turn, textIn, withRanges } from './stockForm.ts';
import { typedRanges } from './stockOrders.ts';
import { may, nameOf, seenOf, shipmentPage, stockPage } from './stockPlace.ts';
import { rangesIn } from './stockTyped.ts';

type ShipmentSubject = Subject & { row: ShipmentRow };

const openShipment = async ({ services, request }: Turn): Promise<ShipmentSubject> => {
  const { number } = request.params as { number: string };
  const { row } = seenOf(await services.stock.shipment(staffOf(request), number));
  if (row === undefined) throw new Problem('absent');
  const title = request.text('stock.shipment.title', { number });
  const back = { name: title, href: shipmentPage(number) };
  return { row, parity: row.parity, office: officeName(services, row.to), title, back, revision: 0 };
};

const manages = ({ services, request }: Turn, office: string) => may(services, request, { act: 'manageStock', office });
const ownEnd = (turn: Turn, { row }: ShipmentSubject) => [row.to, row.from].find((office) => manages(turn, office));

const forms: readonly StockForm<ShipmentSubject>[] = [
  {
    name: 'receive',
    key: 'receive',
    may: (turn, { row }) => manages(turn, row.to),
    fields: () => [
      { name: 'ranges', kind: 'ranges' },
      { name: 'count', kind: 'count' },
      { name: 'damaged', kind: 'ranges', optional: true },
    ],
    perform: ({ services }, at, act, typed, confirmed) =>
      withRanges(typed, at, async (ranges) => {
        const damaged = rangesIn(textIn(typed, 'damaged'), at.parity, 'damaged');
        if ('fault' in damaged) return damaged;
        const seen = { ranges, damaged: damaged.ranges, count: countIn(typed), confirmed };
        return services.stock.receive(at.row.id, act, seen);
      }),
  },
  {
    name: 'take-back',
    key: 'takeBack',
    may: (turn, { row }) => manages(turn, row.from),
    fields: () => [],
    perform: ({ services }, { row }, act) => services.stock.takeBack(row.id, act),
  },
  {
    name: 'found',
    key: 'found',
    may: (turn, at) => ownEnd(turn, at) !== undefined,
    fields: (_, { row, parity }) => [{ name: 'ranges', kind: 'ranges', value: typedRanges(parity, row.missing) }],
    perform: (turn, at, act, typed) =>
      withRanges(typed, at, (ranges) =>
        turn.services.stock.reportFound(at.row.id, ownEnd(turn, at) ?? '', act, ranges),
      ),
  },
  {
    name: 'loss',
    key: 'loss',
    may: (turn, { row }) => manages(turn, row.from),
    fields: (_, { row, parity }) => [{ name: 'ranges', kind: 'ranges', value: typedRanges(parity, row.missing) }],
    perform: ({ services }, at, act, typed) =>
      withRanges(typed, at, (ranges) => services.stock.takeOverLoss(at.row.id, act, ranges)),
  },
];

const actsIn = (turn: Turn, at: ShipmentSubject) => {
  const moving = at.row.status === 'inTransit';
  const possible: Readonly<Record<string, boolean>> = { receive: moving, takeBack: moving };
  return forms
    .filter((form) => (possible[form.key] ?? at.row.lost > 0) && form.may(turn, at))
    .map(({ name, key }) => {
      return { href: `${shipmentPage(at.row.id)}/${name}`, text: turn.request.text(`stock.forms.${key}.link`) };
    });
};

const factsOf = async ({ services, request }: Turn, { row }: ShipmentSubject) => {
  const { locale } = request;
  const surplus = row.surplus.map((one) => {
    return request.text('stockWords.placed', {
      ranges: rangesText(locale, [one]),
      place: placeText(services, request, one),
    });
  });
  const damaged = row.arrivals.flatMap((one) => one.damaged);
  const facts = [
    ['sentFrom', officeName(services, row.from)],
    ['sentTo', officeName(services, row.to)],
    ['parity', parityText(request, row.parity)],
    ['purpose', request.text(`stockWords.purposes.${row.spoilt ? 'spoilt' : row.purpose}`)],
    ['ranges', rangesText(locale, row.ranges)],
    ['handedOverBy', (await nameOf(services, row.handedOverBy)) ?? ''],
    ['receivedBy', (await nameOf(services, row.receivedBy)) ?? ''],
    ['damaged', row.spoilt ? '' : rangesText(locale, damaged)],
    ['missing', rangesText(locale, row.missing)],
    ['surplus', surplus.join('; ')],
  ] as const;
  return facts
    .filter(([, value]) => value !== '')
    .map(([label, value]) => ({ label: request.text(`stock.facts.${label}`), value }));
};

const page = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const at = await openShipment(turn);
  const { row } = at;
  const own = [row.to, row.from].find((office) => may(services, request, { act: 'seeStock', office })) ?? row.to;
  const { done } = request.query as { done?: unknown };
  return reply.page('management/shipment', {
    title: at.title,
    back: { name: request.text('stock.ledger'), href: stockPage({ office: own, parity: row.parity }) },
    status: row.status,
    done: [...forms.map(({ key }) => key), 'dispatch'].find((key) => key === done),
    lost: row.lost,
    facts: await factsOf(turn, at),
    sentAt: row.dispatchedAt,
    settledAt: row.settledAt,
    acts: actsIn(turn, at),
    slip: `${shipmentPage(row.id)}/slip`,
    trail: services.audit.mayReadTrail(staffOf(request), row.from) ? `/audit/records/shipment/${row.id}` : undefined,
  });
};

/** What goes along with the serials and both people sign. */
const slip = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { row, title, back } = await openShipment(turn);
  return reply.page('management/shipmentSlip', {
    title: request.text('stock.slip.title'),
    back,
    number: row.id,
    from: officeName(services, row.from),
    to: officeName(services, row.to),
    parity: parityText(request, row.parity),
    purpose: request.text(`stockWords.purposes.${row.spoilt ? 'spoilt' : row.purpose}`),
    sentAt: row.dispatchedAt,
    handedOverBy: await nameOf(services, row.handedOverBy),
    lines: row.ranges.map((range) => {
      const [from, to] = typedRanges(row.parity, [range]).split(' 至 ');
      return { from, to: to ?? from, count: sizeOf([range]) };
    }),
    total: sizeOf(row.ranges),
    name: title,
  });
};

/** Shipments between two organisations: received, taken back, found again, and the slip that both people sign (C7). */
export const shipmentRoutes = (app: FastifyInstance, services: Services): void => {
  const turn = (request: FastifyRequest, reply: FastifyReply): Turn => ({ services, request, reply });
  app.get('/shipments/:number', (request, reply) => page(turn(request, reply)));
  app.get('/shipments/:number/slip', (request, reply) => slip(turn(request, reply)));
  stockFormRoutes(app, services, '/shipments/:number', openShipment, forms);
};
