import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { accountsApi } from './accountsApi.ts';
import { auditApi } from './auditApi.ts';
import { correctionsApi } from './correctionsApi.ts';
import { decisionsApi } from './decisionsApi.ts';
import { institutionsApi } from './institutionsApi.ts';
import { onSiteApi } from './onSiteApi.ts';
import { ordinaryApi } from './ordinaryApi.ts';
import { organisationsApi } from './organisationsApi.ts';
import { placesApi } from './places.ts';
import { rosterApi } from './rosterApi.ts';
import { scansApi } from './scansApi.ts';
import { requireBearer, sessionApi } from './sessionApi.ts';
import { stockApi } from './stockApi.ts';
import { tasksApi } from './tasksApi.ts';

/** The JSON API for staff (E1, O3, R5–R7): all of it but signing in takes a bearer token. */
export const managementApi = (app: FastifyInstance, services: Services): void => {
  requireBearer(app, services);
  sessionApi(app, services);
  tasksApi(app, services);
  decisionsApi(app, services);
  correctionsApi(app, services);
  onSiteApi(app, services);
  ordinaryApi(app, services);
  institutionsApi(app, services);
  placesApi(app, services);
  organisationsApi(app, services);
  accountsApi(app, services);
  stockApi(app, services);
  auditApi(app, services);
  app.register(rosterApi(services));
  app.register(scansApi(services));
};
