import { accessRecords } from './access.ts';
import { applicantCommands } from './applicantCommands.ts';
import { applicantQueries } from './applicantQueries.ts';
import { certificateQueries } from './certificateQueries.ts';
import { ruleContext } from './declare.ts';
import type { Deps } from './deps.ts';
import { organisationCommands } from './organisationCommands.ts';
import { staffCommands } from './staffCommands.ts';
import { staffQueries } from './staffQueries.ts';
import { verifications } from './verification.ts';

/** All that the two sites may ask of the application. */
export const createServices = (deps: Deps) => {
  const access = accessRecords(deps);
  return {
    applicant: { ...applicantCommands(deps), ...applicantQueries(deps, access) },
    staff: { ...staffCommands(deps), ...staffQueries(deps, access) },
    certificates: certificateQueries(deps, access),
    verifications: verifications(deps, access),
    organisations: organisationCommands(deps),
    access,
    ruleContext: () => ruleContext(deps),
    deps,
  };
};

export type Services = ReturnType<typeof createServices>;
