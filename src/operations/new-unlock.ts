import type { OperationContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import type { Custody } from '../zone/zone.js';

/** What a new CA key is to be locked with; a passphrase is asked for. The caller wipes it. */
export async function newUnlock(
  ctx: Pick<OperationContext, 'passphrase'>,
  custody: Custody,
): Promise<Unlock> {
  if (custody !== 'passphrase') return { kind: 'no-passphrase' };
  return { kind: 'passphrase', bytes: await ctx.passphrase.fresh() };
}
