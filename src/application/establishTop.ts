import type { Deps } from './deps.ts';
import { establishOrganisation } from './organisationCommands.ts';
import { uuidV7 } from './uuidV7.ts';

const name = 'establishTop';

/**
 * Establishes the province where a platform has no organisation yet: all others are established below it, and it is renamed
 * by its own admins. Instances that start at once establish it once. Rejects where the divisions lack a province.
 */
export const establishTop = async (deps: Deps): Promise<void> => {
  const [province] = deps.divisions.children('');
  if (province === undefined) throw new Error('divisions.json has no province; run scripts/extractDivisions.ts again');
  if (deps.offices.find(province.code) !== undefined) return;
  const { code } = province;
  const commandId = uuidV7(Buffer.from(deps.sealing.lookupKey(name, code), 'base64url').subarray(0, 16));
  const top = { code, kind: 'administration', level: 'province', name: province.name, parent: '' } as const;
  const made = await establishOrganisation(deps, top, { commandId, actor: { kind: 'system', name } });
  if (made.outcome === 'done') await deps.awaitViews(['organisation'], made.position);
  await deps.offices.refresh();
};
