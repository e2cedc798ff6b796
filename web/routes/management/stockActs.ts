import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import type { OfStock } from '#application/stockActing.ts';
import { isDay } from '#domain/calendar/day.ts';
import { voidReasons } from '#domain/stock/events.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { rangesText } from '../../serials.ts';
import { dayText } from '../../times.ts';
import { staffOf } from './access.ts';
import { officeName, parityText } from './shown.ts';
import { countIn, type StockForm, type Subject, stockFormRoutes, type Turn, textIn, withRanges } from './stockForm.ts';
import { orderForms, typedRanges } from './stockOrders.ts';
import { may, nameOf, seenOf, stockIn, stockPage } from './stockPlace.ts';

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

const manages = ({ services, request }: Turn, { of }: StockSubject) =>
  may(services, request, { act: 'manageStock', office: of.office });
/** As the second person, of the same organisation or of the one right above. */
const confirms = (turn: Turn, at: StockSubject) =>
  manages(turn, at) || may(turn.services, turn.request, { act: 'supplyStock', office: at.of.office });

const waitingDisposal = ({ found }: StockSubject) => found.disposals.find(({ status }) => status === 'proposed');

const disposalFacts = async ({ services, request }: Turn, at: StockSubject) => {
  const one = waitingDisposal(at);
  if (one === undefined) return [];
  const last =
    one.kind === 'writeOff'
      ? (['holder', (await nameOf(services, one.holder)) ?? ''] as const)
      : (['destroyedOn', dayText(request.locale, one.destroyedOn)] as const);
  const facts = [
    ['disposal', request.text(`stockWords.disposals.${one.kind}`)],
    ['ranges', rangesText(request.locale, one.ranges)],
    last,
    ['reason', one.reason ?? ''],
    ['proposedBy', (await nameOf(services, one.proposedBy)) ?? ''],
  ] as const;
  return facts.map(([label, value]) => [request.text(`stock.facts.${label}`), value] as const);
};

const takeFacts = async ({ services, request }: Turn, { found }: StockSubject) => {
  const open = found.view.row?.open;
  if (open === undefined) return [];
  const facts = [
    ['counted', String(open.count)],
    ['missing', rangesText(request.locale, open.missing) || request.text('stock.none')],
    ['found', rangesText(request.locale, open.found) || request.text('stock.none')],
    ['surplus', rangesText(request.locale, open.surplus) || request.text('stock.none')],
    ['takenBy', (await nameOf(services, open.takenBy)) ?? ''],
  ] as const;
  return facts.map(([label, value]) => [request.text(`stock.facts.${label}`), value] as const);
};

const ownForms: readonly StockForm<StockSubject>[] = [
  {
    name: 'print-run',
    key: 'printRun',
    delicate: true,
    may: (turn, at) => manages(turn, at) && turn.services.deps.offices.find(at.of.office)?.parent === '',
    fields: () => [{ name: 'ranges', kind: 'text' }],
    perform: ({ services }, at, act, typed) =>
      withRanges(typed, at, async (ranges) => {
        const [run, ...others] = ranges;
        if (run === undefined || others.length > 0) return { fault: { field: 'ranges', code: 'oneRun' } };
        return services.stock.enterPrintRun(at.of, act, run);
      }),
  },
  {
    name: 'void',
    key: 'void',
    may: manages,
    fields: ({ request }) => [
      { name: 'ranges', kind: 'ranges' },
      {
        name: 'reason',
        kind: 'select',
        options: voidReasons.map((value) => ({ value, text: request.text(`stockWords.voidReasons.${value}`) })),
      },
    ],
    perform: ({ services }, at, act, typed) =>
      withRanges(typed, at, async (ranges) => {
        const reason = voidReasons.find((one) => one === textIn(typed, 'reason'));
        if (reason === undefined) return { fault: { field: 'reason', code: 'reasonMissing' } };
        return services.stock.voidSerials(at.of, act, ranges, reason);
      }),
  },
  {
    name: 'threshold',
    key: 'threshold',
    based: true,
    may: manages,
    fields: (_, { found }) => [{ name: 'count', kind: 'count', value: String(found.view.threshold) }],
    perform: ({ services }, { of }, act, typed) => services.stock.setThreshold(of, act, countIn(typed)),
  },
  {
    name: 'take',
    key: 'take',
    based: true,
    may: manages,
    fields: () => [
      { name: 'ranges', kind: 'ranges' },
      { name: 'count', kind: 'count' },
    ],
    perform: ({ services }, at, act, typed, confirmed) =>
      withRanges(typed, at, (ranges) => services.stock.count(at.of, act, { ranges, count: countIn(typed), confirmed })),
  },
  {
    name: 'confirm-take',
    key: 'confirmTake',
    may: confirms,
    facts: takeFacts,
    fields: (_, { found }) => [{ name: 'take', kind: 'hidden', value: String(found.view.row?.open?.take ?? 0) }],
    perform: ({ services }, { of }, act, typed) => services.stock.confirmCount(of, act, countIn(typed, 'take')),
  },
  {
    name: 'write-off',
    key: 'writeOff',
    delicate: true,
    may: manages,
    fields: ({ request }, { found, parity }) => [
      { name: 'ranges', kind: 'ranges', value: typedRanges(parity, found.view.row?.missing ?? []) },
      { name: 'holder', kind: 'text', value: found.missing[0]?.holder ?? staffOf(request).account },
      { name: 'reason', kind: 'reason' },
    ],
    perform: ({ services }, at, act, typed) =>
      withRanges(typed, at, (ranges) =>
        services.stock.proposeDisposal(at.of, act, {
          kind: 'writeOff',
          holder: textIn(typed, 'holder'),
          ranges,
          reason: textIn(typed, 'reason').slice(0, 500),
        }),
      ),
  },
  {
    name: 'destroy',
    key: 'destroy',
    delicate: true,
    may: manages,
    fields: (_, { found, parity }) => [
      { name: 'ranges', kind: 'ranges', value: typedRanges(parity, found.view.row?.voided ?? []) },
      { name: 'destroyedOn', kind: 'day' },
      { name: 'reason', kind: 'reason' },
    ],
    perform: ({ services }, at, act, typed) =>
      withRanges(typed, at, async (ranges) => {
        const destroyedOn = textIn(typed, 'destroyedOn');
        if (!isDay(destroyedOn)) return { fault: { field: 'destroyedOn', code: 'noDay' } };
        const reason = textIn(typed, 'reason').slice(0, 500);
        return services.stock.proposeDisposal(at.of, act, { kind: 'destruction', destroyedOn, ranges, reason });
      }),
  },
  {
    name: 'confirm-disposal',
    key: 'confirmDisposal',
    delicate: true,
    may: confirms,
    facts: disposalFacts,
    fields: (_, at) => [{ name: 'disposal', kind: 'hidden', value: String(waitingDisposal(at)?.disposal ?? 0) }],
    perform: ({ services }, { of }, act, typed) => services.stock.approveDisposal(of, act, countIn(typed, 'disposal')),
  },
  {
    name: 'dismiss-disposal',
    key: 'dismissDisposal',
    may: confirms,
    facts: disposalFacts,
    fields: (_, at) => [
      { name: 'disposal', kind: 'hidden', value: String(waitingDisposal(at)?.disposal ?? 0) },
      { name: 'reason', kind: 'reason' },
    ],
    perform: ({ services }, { of }, act, typed) =>
      services.stock.dismissDisposal(of, act, {
        disposal: countIn(typed, 'disposal'),
        reason: textIn(typed, 'reason').slice(0, 500),
      }),
  },
];

/** What can be done in a stock now, each as a link to its form. */
export const actsIn = (turn: Turn, at: StockSubject) => {
  const { row, counts } = at.found.view;
  const moot: Readonly<Record<string, boolean>> = {
    approve: true,
    refuse: true,
    confirmTake: true,
    confirmDisposal: true,
    dismissDisposal: true,
    dispatch: sizeOf(row?.held ?? []) === 0 && counts.voided === 0,
    void: counts.held === 0,
    writeOff: counts.missing === 0 || waitingDisposal(at) !== undefined,
    destroy: counts.voided === 0 || waitingDisposal(at) !== undefined,
    request: turn.services.deps.offices.find(at.of.office)?.parent === '',
  };
  return [...ownForms, ...orderForms]
    .filter((form) => !moot[form.key] && form.may(turn, at))
    .map(({ name, key }) => ({
      key,
      href: `${stockPage(at.of)}/${name}`,
      text: turn.request.text(`stock.forms.${key}.link`),
    }));
};

/** The forms of one stock (C7). */
export const stockActRoutes = (app: FastifyInstance, services: Services): void =>
  stockFormRoutes(app, services, '/stock/:office/:parity', openStock, [...ownForms, ...orderForms]);
