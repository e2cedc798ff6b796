import { isDay } from '#domain/calendar/day.ts';
import { rangesText } from '../../serials.ts';
import { dayText } from '../../times.ts';
import { staffOf } from './access.ts';
import { countIn, type StockForm, type Turn, textIn, withRanges } from './stockForm.ts';
import { typedRanges } from './stockOrders.ts';
import { nameOf } from './stockPlace.ts';
import { confirms, manages, type StockSubject } from './stockSubject.ts';

/** The write-off or destruction that waits for a second person. */
export const waitingDisposal = ({ found }: StockSubject) => found.disposals.find(({ status }) => status === 'proposed');

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

/** What takes two people: stock-takes, write-offs and destructions (C7). */
export const checkForms: readonly StockForm<StockSubject>[] = [
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
