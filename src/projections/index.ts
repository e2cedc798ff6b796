import { accessDay } from './accessDay.ts';
import { accessKeys } from './accessKeys.ts';
import { accessMonth } from './accessMonth.ts';
import { account } from './account.ts';
import { certificate } from './certificate.ts';
import { check } from './check.ts';
import { counters } from './counters.ts';
import { inbox } from './inbox.ts';
import { institutionMonth } from './institutionMonth.ts';
import { logCheckpoint } from './logCheckpoint.ts';
import { organisation } from './organisation.ts';
import type { Projection } from './projection.ts';
import { proposedCorrection } from './proposedCorrection.ts';
import { queryCode } from './queryCode.ts';
import { registration } from './registration.ts';
import { retention } from './retention.ts';
import { search } from './search.ts';
import { shipment } from './shipment.ts';
import { shortNumber } from './shortNumber.ts';
import { stock } from './stock.ts';
import { trail } from './trail.ts';
import { unissued } from './unissued.ts';
import { voidedCertificate } from './voidedCertificate.ts';

/** All views of the platform. Adding one is its file and a line here. */
export const projections: readonly Projection[] = [
  registration,
  inbox,
  queryCode,
  search,
  proposedCorrection,
  shortNumber,
  certificate,
  voidedCertificate,
  unissued,
  counters,
  organisation,
  account,
  stock,
  shipment,
  trail,
  accessDay,
  accessMonth,
  accessKeys,
  logCheckpoint,
  retention,
  check,
  institutionMonth,
];
