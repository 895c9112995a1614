import type { OperationContext } from '../ports/context.js';
import type { MemberSet } from '../zone/member-set.js';
import { stagedContent, type SetContent } from '../zone/operation-content.js';
import { createSetProver, type SetProver } from './check-set.js';
import type { OperationRun } from './operation-run.js';
import { setBundles, type SetBundles } from './set-files.js';

/** What the staged set of a member holds beside its leaf: the same for all with the same live chain and trust. */
export type StagedContents = (live: MemberSet | undefined) => Promise<StagedSet>;

/** Its rows, its bytes, and how a leaf under them is proved. */
export interface StagedSet {
  readonly content: SetContent;
  readonly bundles: SetBundles;
  readonly prove: SetProver;
}

/** What sets have in common is read and encoded once. */
export function createStagedContents(ctx: OperationContext, head: OperationRun): StagedContents {
  const known = new Map<string, StagedSet>();
  return async (live) => {
    const base = live ?? { leaf: null, chain: [], trust: await presentTrust(ctx) };
    const content = stagedContent(head.snapshot, head.operation, base);
    const name = [...content.chain, '|', ...content.trust].join(' ');
    const made = known.get(name);
    if (made !== undefined) return made;
    const shared = {
      chain: await ctx.store.der(content.chain),
      trust: await ctx.store.der(content.trust),
    };
    const staged = {
      content,
      bundles: setBundles(shared),
      prove: createSetProver(ctx, shared, head.now),
    };
    known.set(name, staged);
    return staged;
  };
}

async function presentTrust(ctx: OperationContext): Promise<readonly string[]> {
  const anchors = await ctx.store.anchors();
  return anchors.map((anchor) => anchor.certificate);
}
