import type { RegistrationData } from '#domain/registration/fields.ts';
import type { AccessRecords } from './access.ts';
import type { ActOfStaff } from './acting.ts';
import { declare } from './declare.ts';
import type { Deps } from './deps.ts';
import { type EnteredOnSite, type EntryOutcome, onSiteCommands } from './onSiteCommands.ts';
import { onSiteDrafts } from './onSiteDrafts.ts';
import { onSiteLooking } from './onSiteLook.ts';
import { onSiteReceipt } from './onSiteReceipt.ts';

/** Registration in the couple's presence (R8, §3.1.2, A1.4): looking while it is typed, drafts, and the entry itself. */
export const onSiteServices = (deps: Deps, access: AccessRecords) => {
  const [commands, drafts] = [onSiteCommands(deps), onSiteDrafts(deps)];
  const { look, takeOver, handOn } = onSiteLooking(deps, access);
  return {
    look,
    takeOver,
    ...drafts,
    ...onSiteReceipt(deps, access),
    /** Enters it once, however often it is sent; what the population system answered stays at hand, the draft is gone. */
    enter: async (
      id: string,
      raw: RegistrationData,
      act: ActOfStaff,
      entered: EnteredOnSite,
    ): Promise<EntryOutcome> => {
      const outcome = await commands.enter(id, raw, act, entered);
      if (outcome.outcome !== 'done') return outcome;
      await handOn(act.staff, id, declare(deps, id, raw).data);
      await drafts.dropDraft(act.staff, id);
      return outcome;
    },
  };
};
