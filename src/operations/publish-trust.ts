import type { OperationContext } from '../ports/context.js';
import { trustOf } from '../zone/zone-trust.js';
import { bundleOf } from './set-files.js';

/** Renders the recorded trust anchors into `truststore/cacerts.pem`; harmless when nothing has changed. */
export async function publishTrust(ctx: OperationContext): Promise<void> {
  const anchors = await ctx.store.anchors();
  await ctx.folder.publishTrust(await bundleOf(ctx, trustOf(anchors)));
}
