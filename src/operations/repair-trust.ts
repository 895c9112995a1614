import type { OperationContext } from '../ports/context.js';
import { trustOf } from '../zone/zone-trust.js';
import { bundleOf } from './set-files.js';

/**
 * Renders the recorded trust anchors again when `truststore/cacerts.pem` is not what they say.
 * Writes nothing when it is.
 */
export async function repairTrust(ctx: OperationContext): Promise<void> {
  const recorded = await bundleOf(ctx, trustOf(await ctx.store.anchors()));
  const file = await ctx.folder.readTrust();
  const same = file !== undefined && ctx.digest.sha256(file) === ctx.digest.sha256(recorded);
  if (!same) await ctx.folder.publishTrust(recorded);
}
