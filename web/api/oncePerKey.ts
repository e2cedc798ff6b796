import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from '../problems.ts';
import { idempotencyKeyOf, idFromKey } from './preconditions.ts';

const kind = 'idempotency';
const keptMs = 7 * 86_400_000;

/** Whose act of which purpose a request is; its body is part of the act. */
type Asked = { request: FastifyRequest; account: string; purpose: string };

/** Takes a key for an act; true: it was free. Throws `keyReused` where it was another's. */
const claim = async ({ deps }: Services, id: string, act: string): Promise<boolean> => {
  const now = deps.clock();
  if (await deps.transientStore.putIfAbsent(kind, id, { act }, now, now + keptMs)) return true;
  const claimed = await deps.transientStore.get(kind, id, now);
  if (claimed?.['act'] !== act) throw new Problem('keyReused');
  return false;
};

/**
 * Does an act under a command id that is the same whenever it is sent again under its `Idempotency-Key`: so it happens
 * once. A key belongs to one account and, once the act was done, to that act alone. Throws `keyReused`, `keyRequired`.
 */
export const oncePerKey = async <D>(
  services: Services,
  { request, account, purpose }: Asked,
  work: (commandId: string) => Promise<D>,
): Promise<D> => {
  const { sealing, transientStore } = services.deps;
  if (request.headers['idempotency-key'] === undefined) return work(services.deps.ids());
  const key = idempotencyKeyOf(request);
  const act = sealing.lookupKey(kind, `${purpose}\n${JSON.stringify(request.body ?? {})}`);
  const id = sealing.lookupKey(kind, `${account}\n${key}`);
  const fresh = await claim(services, id, act);
  try {
    return await work(idFromKey(services, key, `${account}\n${act}`));
  } catch (failure) {
    if (fresh) await transientStore.remove(kind, id);
    throw failure;
  }
};
