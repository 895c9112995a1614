import type { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import { planRequests } from '../zone/plan-requests.js';
import type { RequestsWish } from '../zone/requests-wish.js';
import { servers } from '../zone/zone-snapshot.js';
import { generateRequests } from './generate-requests.js';
import type { OperationRun } from './operation-run.js';
import { readSnapshot } from './read-snapshot.js';

/**
 * Makes the requests that a change to an external CA begins with: one for each server that has none
 * since the operation began. Returns why the first failed when all of them did.
 *
 * @param wish - what they ask for; null: a person makes them
 */
export async function requestMissing(
  ctx: OperationContext,
  { operation, now }: OperationRun,
  wish: RequestsWish | null,
): Promise<ZmintError | undefined> {
  if (wish === null) return undefined;
  const snapshot = await readSnapshot(ctx, now);
  const known = await ctx.store.requests();
  const made = new Set(
    known
      .filter((one) => one.state === 'csr-generated' && one.createdAt >= operation.startedAt)
      .map(({ memberId }) => memberId),
  );
  const lacking = servers(snapshot).filter(({ id }) => !made.has(id));
  if (lacking.length === 0) return undefined;
  const plan = planRequests(snapshot, known, {
    ...wish,
    servers: lacking.map(({ path }) => path),
    all: false,
  });
  const { made: handed, failed } = await generateRequests(ctx, plan);
  return handed.length === 0 && made.size === 0 ? failed[0]?.error : undefined;
}
