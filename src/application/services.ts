import { accessRecords } from './access.ts';
import { accountCommands } from './accountCommands.ts';
import { accountQueries } from './accountQueries.ts';
import { applicantCommands } from './applicantCommands.ts';
import { applicantQueries } from './applicantQueries.ts';
import { auditQueries } from './auditQueries.ts';
import { certificateQueries } from './certificateQueries.ts';
import { correctionCommands } from './correctionCommands.ts';
import { ruleContext } from './declare.ts';
import type { Deps } from './deps.ts';
import { institutions } from './institutions.ts';
import { logQueries } from './log/logQueries.ts';
import { onSiteServices } from './onSite.ts';
import { ordinaryBatch } from './ordinaryBatch.ts';
import { ordinaryCertificates } from './ordinaryCertificates.ts';
import { ordinaryFinding } from './ordinaryFinding.ts';
import { ordinaryLedger } from './ordinaryLedger.ts';
import { ordinaryPrinting } from './ordinaryPrinting.ts';
import { organisationChoices } from './organisationChoices.ts';
import { organisationCommands } from './organisationCommands.ts';
import { organisationQueries } from './organisationQueries.ts';
import { ownCopies } from './ownCopy.ts';
import { revokedLists } from './revokedList.ts';
import { rosters } from './roster/rosters.ts';
import { scanServices } from './scans.ts';
import { signIns } from './signIn.ts';
import { signInCommands } from './signInCommands.ts';
import { staffCommands } from './staffCommands.ts';
import { staffCopies } from './staffCopy.ts';
import { staffQueries } from './staffQueries.ts';
import { stockChecks } from './stockChecks.ts';
import { stockCommands } from './stockCommands.ts';
import { stockNotices } from './stockNotices.ts';
import { stockQueries } from './stockQueries.ts';
import { verifications } from './verification.ts';

/** All that the two sites may ask of the application. */
export const createServices = (deps: Deps) => {
  const access = accessRecords(deps);
  const signIn = signIns(deps, access);
  const certificates = certificateQueries(deps, access);
  return {
    applicant: { ...applicantCommands(deps), ...applicantQueries(deps, access), ...ownCopies(deps, access) },
    staff: { ...staffCommands(deps), ...correctionCommands(deps), ...staffQueries(deps, access) },
    certificates: { ...certificates, revoked: revokedLists(deps) },
    ordinary: {
      ...ordinaryCertificates(deps),
      ...ordinaryFinding(deps, access),
      ...ordinaryLedger(deps, access),
      ...ordinaryBatch(deps, access),
    },
    printing: ordinaryPrinting(deps, access),
    onSite: onSiteServices(deps, access),
    institutions: institutions(deps, access),
    log: logQueries(deps, certificates.verify),
    verifications: verifications(deps, access),
    accounts: {
      ...accountCommands(deps),
      ...accountQueries(deps, access),
      ...staffCopies(deps, access, signIn.sessions),
    },
    organisations: {
      ...organisationCommands(deps),
      ...organisationQueries(deps, access),
      ...organisationChoices(deps),
    },
    rosters: rosters(deps, access),
    scans: scanServices(deps, access),
    stock: { ...stockCommands(deps), ...stockChecks(deps), ...stockQueries(deps), ...stockNotices(deps) },
    access,
    audit: auditQueries(deps, access),
    signIn: { ...signIn, ...signInCommands(deps, access, signIn) },
    ruleContext: () => ruleContext(deps),
    deps,
  };
};

export type Services = ReturnType<typeof createServices>;
