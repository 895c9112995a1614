import type { OperationContext, ReadContext } from '../ports/context.js';
import { trustOf } from '../zone/zone-trust.js';
import { publishTrust } from './publish-trust.js';
import { bundleOf } from './set-files.js';

/** Whether `truststore/cacerts.pem` is missing, or is not what the recorded trust anchors say. */
export async function isTrustStale(ctx: ReadContext): Promise<boolean> {
  const recorded = await bundleOf(ctx, trustOf(await ctx.store.anchors()));
  const file = await ctx.folder.readTrust();
  return file === undefined || ctx.digest.sha256(file) !== ctx.digest.sha256(recorded);
}

/**
 * Renders the recorded trust anchors again when `truststore/cacerts.pem` is not what they say.
 * Writes nothing when it is.
 */
export async function repairTrust(ctx: OperationContext): Promise<void> {
  if (await isTrustStale(ctx)) await publishTrust(ctx);
}
