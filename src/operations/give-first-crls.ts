import type { OperationContext } from '../ports/context.js';
import { MEMBERS_ALONE, memberOf, partBatches, type OperationRun } from './operation-run.js';
import { publishCrlsTo } from './publish-crls.js';

/** Gives the CRLs that are in force to servers that an operation has given their first set. */
export async function giveFirstCrls(ctx: OperationContext, head: OperationRun): Promise<void> {
  const issuers = await ctx.store.crlIssuers();
  if (!issuers.some(({ crl }) => crl !== null)) return;
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection: 'active' })) {
    const first = run.parts.filter(({ previousSet }) => previousSet === null);
    const members = first.flatMap((part) => memberOf(run, part) ?? []);
    if (members.length > 0) await publishCrlsTo(ctx, members, head.now);
  }
}
