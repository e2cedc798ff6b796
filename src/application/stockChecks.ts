import { dayInShanghai } from '#domain/calendar/day.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { DisposalOf } from '#domain/stock/events.ts';
import { stockId } from '#domain/stock/numbers.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import type { ActOfStaff } from './acting.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import { type Counted, type OfStock, type StockOutcome, stockActing } from './stockActing.ts';

/** What takes two people: counting a stock, writing off what is missing, destroying what is void (C7). */
export const stockChecks = (deps: Deps) => {
  const { forbidden, perform, manage, second, placesBeyond } = stockActing(deps);

  /** Who had them last by name of account; '' where there is no such account. */
  const named = async (of: DisposalOf): Promise<DisposalOf> =>
    of.kind === 'destruction' || (await deps.staff.find(of.holder)) !== undefined ? of : { ...of, holder: '' };

  return {
    /** Records a stock-take: each missing serial and each that should be elsewhere is named; a second person confirms it. */
    count: async (of: OfStock, act: ActOfStaff, counted: Counted): Promise<StockOutcome> => {
      const refused = forbidden(act.staff, { act: 'manageStock', office: of.office });
      if (refused !== undefined) return refused;
      const { state } = await load(deps, stockDecider, stockId(of.office, of.parity));
      const places = await placesBeyond(of, counted.ranges, state.held);
      const by = act.staff.account;
      return perform(of, act, { type: 'TakeStock', office: of.office, ...counted, places, by });
    },

    /** Confirms the newest stock-take, as another person than counted. */
    confirmCount: (of: OfStock, act: ActOfStaff, take: number): Promise<StockOutcome> =>
      second(of, act, { type: 'ConfirmTake', take, by: act.staff.account }),

    /** Tells why missing serials are to be written off, or how void ones were destroyed. */
    proposeDisposal: async (
      of: OfStock,
      act: ActOfStaff,
      { ranges, reason, ...asked }: { ranges: Ranges; reason: string } & DisposalOf,
    ): Promise<StockOutcome> => {
      const told = { ranges, reason, by: act.staff.account, today: dayInShanghai(deps.clock()) };
      return manage(of, act, { type: 'ProposeDisposal', of: await named(asked), ...told });
    },

    /** Agrees to a write-off, or witnesses a destruction, as another person than proposed it. */
    approveDisposal: (of: OfStock, act: ActOfStaff, disposal: number): Promise<StockOutcome> =>
      second(of, act, { type: 'ApproveDisposal', disposal, by: act.staff.account }),

    dismissDisposal: (
      of: OfStock,
      act: ActOfStaff,
      { disposal, reason }: { disposal: number; reason: string },
    ): Promise<StockOutcome> => second(of, act, { type: 'DismissDisposal', disposal, by: act.staff.account, reason }),
  };
};
