import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { awaitedAuthority, type AuthorityRequest } from '../zone/authority-request.js';
import type { Instant } from '../zone/instant.js';
import { activeAuthority } from '../zone/zone-snapshot.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { memberKeyPlace } from './ca-key-place.js';

/** A CA that waits for its certificate is to be given up. */
export interface WithdrawPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly request: AuthorityRequest;
}

/**
 * Undefined: no CA waits, or an operation runs that is to be cancelled first. Throws `policy` for the
 * only CA of the zone.
 */
export async function planWithdraw(
  ctx: ReadContext,
  now: Instant,
): Promise<WithdrawPlan | undefined> {
  const base = await readBase(ctx, now);
  const request = awaitedAuthority(base.authorityRequests);
  if (request === undefined || base.pending.length > 0) return undefined;
  if (activeAuthority(base) !== undefined) return { basis: base.sequence, at: now, request };
  throw new ZmintError('policy', `${request.subject} is the only CA that the zone will have`, {
    hint: 'zmint ssl import FILE, or remove the zone home and begin again',
  });
}

/** Order of writes: the record; then the key, which has vouched for nothing. */
export async function executeWithdraw(
  ctx: OperationContext,
  { at, request }: WithdrawPlan,
): Promise<void> {
  const { generation, subject } = request;
  const details = { generation, subject };
  await recordEvent(ctx, { what: 'authority-request-cancelled', at, details }, [
    { type: 'put-authority-request', request: { ...request, state: 'cancelled' } },
  ]);
  await ctx.vault.discard(await memberKeyPlace(ctx, request));
}
