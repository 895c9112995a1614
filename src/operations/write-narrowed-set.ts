import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import { narrowedContent } from '../zone/operation-content.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { createSetProver, type SetProver } from './check-set.js';
import type { KnownSigners } from './known-signers.js';
import type { OperationRun } from './operation-run.js';
import { withKeystore } from './render-keystore.js';
import { bundledFiles, setBundles, type SetBundles } from './set-files.js';

/** What narrowed sets of a batch are made with. */
export interface Narrowing {
  readonly run: OperationRun;
  readonly homes: MemberHomes;
  readonly contents: Contents;
  readonly signers: KnownSigners;
}

/**
 * Writes the set that a member goes on with: its live one without the old root and without
 * cross-certificates, proved. Throws `damaged` when the live set is not whole, and what proving throws.
 */
export async function writeNarrowedSet(
  ctx: OperationContext,
  { run, homes, contents, signers }: Narrowing,
  target: { readonly member: Member; readonly home: string; readonly number: number },
): Promise<MemberSet> {
  const { member, home, number } = target;
  const live = liveSet(run.snapshot, member.id);
  const files = live === undefined ? undefined : await homes.readSet(home, live.number);
  if (live === undefined || files === undefined) {
    throw new ZmintError(
      'damaged',
      `the live generation of ${member.name} is missing or not complete`,
      { hint: 'zmint doctor' },
    );
  }
  const chain = live.leaf === null ? [] : foreign(run, live.chain);
  const { bundles, prove, trust } = await contents(chain);
  const pkcs8 = files['key.der'];
  if (live.leaf === null || pkcs8 === undefined) {
    await homes.writeSet(home, number, { 'ca.cert': bundles.caCert });
  } else {
    const [leaf = new Uint8Array()] = await ctx.store.der([live.leaf]);
    const signedBy = await signers(run.snapshot.current.get(member.id));
    const set = { leaf: parseCertificate(leaf), pkcs8, signedBy };
    await prove(set, `the narrowed set of ${member.name}`);
    const next = bundledFiles(ctx, bundles, { leaf, pkcs8 });
    const behind = { chain: await ctx.store.der(chain), trust: await ctx.store.der(trust) };
    const parts = { ...behind, chain: [leaf, ...behind.chain], pkcs8 };
    const to = { member, home, files: next };
    await homes.writeSet(
      home,
      number,
      member.kind === 'satellite' ? await withKeystore(ctx, to, parts) : next,
    );
  }
  return {
    memberId: member.id,
    number,
    purpose: 'narrowed',
    state: 'ready',
    leaf: live.leaf,
    chain,
    trust,
    operationId: run.operation.id,
    createdAt: run.now,
  };
}

/** What narrowed sets hold beside their leaves: the same for all that send the same chain. */
type Contents = (chain: readonly Fingerprint[]) => Promise<NarrowedSet>;

interface NarrowedSet {
  readonly trust: readonly Fingerprint[];
  readonly bundles: SetBundles;
  readonly prove: SetProver;
}

/** Makes each kind of content once. */
export async function narrowedContents(
  ctx: OperationContext,
  head: OperationRun,
): Promise<Contents> {
  const { trust } = narrowedContent(await ctx.store.anchors(), head.operation);
  const roots = await ctx.store.der(trust);
  const known = new Map<string, NarrowedSet>();
  return async (chain) => {
    const name = chain.join(' ');
    const made = known.get(name);
    if (made !== undefined) return made;
    const shared = { chain: await ctx.store.der(chain), trust: roots };
    const bundles = setBundles(shared);
    const narrowed = { trust, bundles, prove: createSetProver(ctx, shared, head.now) };
    known.set(name, narrowed);
    return narrowed;
  };
}

/** What is sent behind a leaf and is none of the operation's cross-certificates stays. */
function foreign(run: OperationRun, chain: readonly string[]): readonly string[] {
  const crosses = new Set(
    run.snapshot.authorityCertificates
      .filter((one) => one.purpose === 'cross')
      .map((one) => one.fingerprint),
  );
  return chain.filter((one) => !crosses.has(one));
}
