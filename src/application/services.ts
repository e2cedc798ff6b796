import { applicantCommands } from './applicantCommands.ts';
import { applicantQueries } from './applicantQueries.ts';
import { certificateQueries } from './certificateQueries.ts';
import { ruleContext } from './declare.ts';
import type { Deps } from './deps.ts';
import { staffCommands } from './staffCommands.ts';
import { staffQueries } from './staffQueries.ts';
import { verifications } from './verification.ts';

/** All that the two sites may ask of the application. */
export const createServices = (deps: Deps) => ({
  applicant: { ...applicantCommands(deps), ...applicantQueries(deps) },
  staff: { ...staffCommands(deps), ...staffQueries(deps) },
  certificates: certificateQueries(deps),
  verifications: verifications(deps),
  ruleContext: () => ruleContext(deps),
  deps,
});

export type Services = ReturnType<typeof createServices>;
