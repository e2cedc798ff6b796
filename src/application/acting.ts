import { fromOf } from './access.ts';
import { actorOf, type Staff } from './actor.ts';
import type { Act } from './handleCommand.ts';
import type { Sealing } from './sealing.ts';

/** An act of staff as a page or program sends it: under its id, based on the revision that was shown where there was one. */
export type ActOfStaff = { staff: Staff; commandId: string; basedOn?: number | undefined };

/** The same as the log keeps it: by whom, and from where (S6). */
export const actingFor = (sealing: Sealing, { staff, commandId, basedOn }: ActOfStaff): Act => ({
  commandId,
  basedOn,
  actor: actorOf(staff),
  from: fromOf(sealing, staff.from),
});
