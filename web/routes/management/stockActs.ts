import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { voidReasons } from '#domain/stock/events.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { checkForms, waitingDisposal } from './stockChecks.ts';
import { countIn, type StockForm, stockFormRoutes, type Turn, textIn, withRanges } from './stockForm.ts';
import { orderForms } from './stockOrders.ts';
import { stockPage } from './stockPlace.ts';
import { manages, openStock, type StockSubject } from './stockSubject.ts';

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
];

const forms = [...ownForms, ...checkForms, ...orderForms];

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
  return forms
    .filter((form) => !moot[form.key] && form.may(turn, at))
    .map(({ name, key }) => ({
      key,
      href: `${stockPage(at.of)}/${name}`,
      text: turn.request.text(`stock.forms.${key}.link`),
    }));
};

/** The forms of one stock (C7). */
export const stockActRoutes = (app: FastifyInstance, services: Services): void =>
  stockFormRoutes(app, services, '/stock/:office/:parity', openStock, forms);
