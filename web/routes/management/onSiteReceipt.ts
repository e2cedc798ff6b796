import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { qrCode } from '../../certificate/qrCode.ts';
import { idOf, mayEnterOnSite, staffOf } from './access.ts';
import { officeName } from './shown.ts';

/** Who entered a registration may print its code as long as the couple is likely to be there. */
const shownForMs = 8 * 60 * 60_000;
const kind = 'onSiteReceipt';

type Entered = { account: string; office: string; submittedAt: string; accepted: boolean };

const keyOf = ({ deps }: Services, id: string): string => deps.sealing.lookupKey(kind, id);

/** Lets whoever entered a registration see its receipt. */
export const keepReceipt = async (services: Services, id: string, entered: Entered): Promise<void> => {
  const { deps } = services;
  await deps.transientStore.put(kind, keyOf(services, id), { ...entered }, deps.clock() + shownForMs);
};

const receiptOf = async (services: Services, request: FastifyRequest): Promise<Entered | undefined> => {
  const { deps } = services;
  const kept = (await deps.transientStore.get(kind, keyOf(services, idOf(request)), deps.clock())) as
    | Entered
    | undefined;
  return kept?.account === staffOf(request).account ? kept : undefined;
};

/** The slip that a couple takes home: the query code and where to use it; what staff do next. */
export const showReceipt = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  heading = 'onSite.receipt.title',
): Promise<FastifyReply> => {
  const { deps, applicant } = services;
  const entered = await receiptOf(services, request);
  const title = request.text(heading);
  const mayEnter = mayEnterOnSite(services, staffOf(request));
  if (entered === undefined) return reply.page('management/onSiteReceipt', { title, ended: true, mayEnter });
  const { office, submittedAt, accepted } = entered;
  const url = `${deps.publicUrl}/lookup`;
  return reply.page('management/onSiteReceipt', {
    title,
    id: idOf(request),
    accepted,
    code: applicant.queryCode(idOf(request)),
    url,
    qr: qrCode(url, request.text('onSite.receipt.qr')).markup,
    submittedAt,
    mayEnter,
    office: officeName(services, office),
    phone: deps.offices.find(office)?.phone,
    own: deps.offices.current(staffOf(request).office) === office,
  });
};
