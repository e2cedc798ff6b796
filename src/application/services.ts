import { accessRecords } from './access.ts';
import { accountCommands } from './accountCommands.ts';
import { accountQueries } from './accountQueries.ts';
import { applicantCommands } from './applicantCommands.ts';
import { applicantQueries } from './applicantQueries.ts';
import { auditQueries } from './auditQueries.ts';
import { certificateQueries } from './certificateQueries.ts';
import { ruleContext } from './declare.ts';
import type { Deps } from './deps.ts';
import { organisationCommands } from './organisationCommands.ts';
import { signIns } from './signIn.ts';
import { signInCommands } from './signInCommands.ts';
import { staffCommands } from './staffCommands.ts';
import { staffQueries } from './staffQueries.ts';
import { verifications } from './verification.ts';

/** All that the two sites may ask of the application. */
export const createServices = (deps: Deps) => {
  const access = accessRecords(deps);
  const signIn = signIns(deps, access);
  return {
    applicant: { ...applicantCommands(deps), ...applicantQueries(deps, access) },
    staff: { ...staffCommands(deps), ...staffQueries(deps, access) },
    certificates: certificateQueries(deps, access),
    verifications: verifications(deps, access),
    accounts: { ...accountCommands(deps), ...accountQueries(deps, access) },
    organisations: organisationCommands(deps),
    access,
    audit: auditQueries(deps, access),
    signIn: { ...signIn, ...signInCommands(deps, access, signIn) },
    ruleContext: () => ruleContext(deps),
    deps,
  };
};

export type Services = ReturnType<typeof createServices>;
