import { fastifySSE } from '@fastify/sse';
import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { limitFiles } from '../../rateLimit.ts';
import { requireStaff, secondsLeft } from './access.ts';
import { auditOverviewRoutes } from './auditOverview.ts';
import { auditRecordRoutes } from './auditRecord.ts';
import { auditTrailRoutes } from './auditTrails.ts';
import { certificateRoutes } from './certificate.ts';
import { completenessRoutes } from './completeness.ts';
import { correctionRoutes } from './correction.ts';
import { correctionProposalRoutes } from './correctionProposal.ts';
import { eventRoutes } from './events.ts';
import { historyRoutes } from './history.ts';
import { inboxRoutes } from './inbox.ts';
import { nextRoutes } from './next.ts';
import { officeRoutes } from './offices.ts';
import { onSiteRoutes } from './onSite.ts';
import { ordinaryRoutes } from './ordinary.ts';
import { organisationArrangingRoutes } from './organisationArranging.ts';
import { organisationFormRoutes } from './organisationForms.ts';
import { organisationRoutes } from './organisations.ts';
import { ownCopyRoutes } from './ownCopy.ts';
import { ownDataRoutes, requireVerified } from './ownData.ts';
import { keepForms } from './parkedForms.ts';
import { passOnRoutes } from './passOn.ts';
import { peopleRoutes } from './people.ts';
import { personRoutes } from './person.ts';
import { personActRoutes } from './personActs.ts';
import { personFormRoutes } from './personForms.ts';
import { personGrantRoutes } from './personGrants.ts';
import { printerRoutes } from './printers.ts';
import { askReasons, reasonRoutes } from './reason.ts';
import { reviewRoutes } from './review.ts';
import { revocationRoutes } from './revocation.ts';
import { rosterPages } from './roster.ts';
import { scanPages } from './scans.ts';
import { searchRoutes } from './search.ts';
import { shipmentRoutes } from './shipments.ts';
import { stockRoutes } from './stock.ts';
import { stockActRoutes } from './stockActs.ts';
import { stockLedgerRoutes } from './stockLedger.ts';
import { verifyRoutes } from './verify.ts';

/** All pages behind the sign-in, as a plugin: who is not signed in is asked to, and every form is checked for its token. */
export const managementPages = (services: Services) => async (app: FastifyInstance) => {
  await app.register(fastifySSE);
  app.addHook('onRequest', requireStaff);
  app.addHook('onRequest', requireVerified);
  app.addHook('onRequest', async (request) => {
    if (request.staff !== undefined) await limitFiles(services, request, request.staff.account);
  });
  app.addHook('preHandler', (request, reply, done) =>
    request.method === 'POST' ? app.csrfProtection(request, reply, done) : done(),
  );
  keepForms(app, services);
  askReasons(app, services);
  auditOverviewRoutes(app, services);
  auditTrailRoutes(app, services);
  auditRecordRoutes(app, services);
  reasonRoutes(app, services);
  inboxRoutes(app, services);
  eventRoutes(app, services);
  searchRoutes(app, services);
  officeRoutes(app, services);
  organisationRoutes(app, services);
  organisationFormRoutes(app, services);
  organisationArrangingRoutes(app, services);
  completenessRoutes(app, services);
  ownDataRoutes(app, services);
  ownCopyRoutes(app, services);
  peopleRoutes(app, services);
  personFormRoutes(app, services);
  personGrantRoutes(app, services);
  personActRoutes(app, services);
  personRoutes(app, services);
  reviewRoutes(app, services);
  verifyRoutes(app, services);
  passOnRoutes(app, services);
  correctionRoutes(app, services);
  correctionProposalRoutes(app, services);
  revocationRoutes(app, services);
  ordinaryRoutes(app, services);
  printerRoutes(app, services);
  historyRoutes(app, services);
  certificateRoutes(app, services);
  nextRoutes(app, services);
  stockRoutes(app, services);
  stockLedgerRoutes(app, services);
  stockActRoutes(app, services);
  shipmentRoutes(app, services);
  onSiteRoutes(app, services);
  await app.register(rosterPages(services));
  await app.register(scanPages(services));
  // Asked by pages on which someone types: whoever types is not away.
  app.get('/session', async (request, reply) =>
    reply.code(204).header('x-session-ends-in', secondsLeft(services, request)).send(),
  );
};
