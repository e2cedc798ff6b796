import { handleCommand } from '#application/handleCommand.ts';
import type { StockCommand } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import { openStores } from '../../src/stores.ts';
import { firstSerial } from '../support/stockPlaces.ts';
import { commandDeps } from '../support/submitter.ts';
import { type Extent, inTemporary, interleaved, shown, table, telling } from './measure.ts';

const rounds = 5;
const actor = { kind: 'system', name: 'bench' } as const;

/** Milliseconds for one act, each side by turns; `floor`: one durable append of an event ready made. */
export type StockFigures = {
  floor: number;
  runs: readonly [one: number, million: number];
  issues: readonly [one: number, thousand: number];
};

/** What an act on a stock takes, by how many serials or ranges there are: neither is to matter. */
export const benchStock = (extent: Extent): Promise<StockFigures> =>
  inTemporary(async (directory) => {
    const acts = extent === 'quick' ? 20 : 100;
    const stores = await openStores({ directory });
    const deps = await commandDeps(stores, directory, () => Date.parse('2026-11-24T02:00:00Z'));
    let made = 0;
    const handle = async (stock: string, command: StockCommand) => {
      const handled = await handleCommand(deps, stockDecider, stock, command, { commandId: deps.ids(), actor });
      if (handled.outcome !== 'done') throw new Error(JSON.stringify(handled));
    };
    const nextStock = (): string => {
      made += 1;
      return `52X${made}-1`;
    };
    const each = async (work: (n: number) => Promise<void>): Promise<number> => {
      const started = performance.now();
      for (let n = 0; n < acts; n += 1) await work(n);
      return (performance.now() - started) / acts;
    };
    /** A print run, and half of it sent on. */
    const printing = (size: number) => () =>
      each(async () => {
        const stock = nextStock();
        const run = { from: firstSerial + 1, to: firstSerial + size };
        await handle(stock, { type: 'EnterPrintRun', run });
        const ranges = [{ from: run.from, to: firstSerial + Math.ceil(size / 2) }];
        const sending = { stock, office: '52', to: '5201', relation: 'child', handedOverBy: 'keeper' } as const;
        await handle(stock, { type: 'Dispatch', ...sending, ranges });
      });
    /** Issuing the first serial of each of so many ranges that one arrival brought. */
    const issuing = (count: number) => async () => {
      const stock = nextStock();
      const ranges: Ranges = Array.from({ length: count }, (_, n) => {
        const from = firstSerial + 1 + n * 1000;
        return { from, to: from + (count === 1 ? 999_999 : 899) };
      });
      await handle(stock, { type: 'TakeIn', arrival: { shipment: '52-1-1', arrival: 1, ranges, damaged: [] } });
      return each((n) =>
        handle(stock, { type: 'IssueSerial', serial: firstSerial + 1 + n * 1000, registrationId: 'r' }),
      );
    };
    const bare = () =>
      each(async () => {
        const event = { id: deps.ids(), type: 'Bare.v1', data: { sealed: 'x'.repeat(400) }, meta: {} };
        await stores.eventStore.append(`bare-${deps.ids()}`, 'none', [event]);
      });
    telling('Printing, sending and issuing serials');
    const [floor = 0, one = 0, million = 0, issue = 0, thousand = 0] = await interleaved(rounds, [
      bare,
      printing(1),
      printing(1_000_000),
      issuing(1),
      issuing(1000),
    ]);
    await stores.close();
    return { floor, runs: [one, million], issues: [issue, thousand] };
  });

/** The figures as Markdown. */
export const stockTable = ({ floor, runs, issues }: StockFigures): string => {
  const line = (what: string, [small, large]: readonly [number, number], appends: number) => [
    what,
    small.toFixed(2),
    large.toFixed(2),
    `× ${(large / small).toFixed(2)}`,
    `${shown(appends)} × ${floor.toFixed(2)}`,
  ];
  return table(
    ['stock, one act after the other', 'ms', 'ms, many', 'many against few', 'floor: durable appends, ms'],
    [
      line('print run of 1 serial, of 1 000 000, and half of it dispatched', runs, 2),
      line('issuing from a stock of 1 range, of 1 000 ranges', issues, 1),
    ],
  );
};
