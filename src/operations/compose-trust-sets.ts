import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes, SetFiles } from '../ports/member-homes.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { liveSet } from '../zone/zone-snapshot.js';
import type { KnownSigners } from './known-signers.js';
import { findSet, reachedMember, type OperationRun } from './operation-run.js';
import { withKeystore } from './render-keystore.js';
import { bundledFiles } from './set-files.js';
import type { StagedContents, StagedSet } from './staged-contents.js';

/** Members of a batch with the sets that they are to get. */
export interface ComposedBatch {
  readonly run: OperationRun;
  readonly composed: readonly Composed[];
}

/** A member with its set, or why it gets none. */
export interface Composed {
  readonly part: OperationMember;
  readonly member: Member;
  readonly home: string;
  /** The set as it is to be recorded, and its files; no files: it is recorded and on disk already. */
  readonly set: MemberSet | ZmintError;
  readonly files: SetFiles | null;
}

/** Reads what each member of a batch serves, and composes it anew under the wider trust; proved, not written. */
export async function composeBatch(
  ctx: OperationContext,
  run: OperationRun,
  by: StagingMeans,
): Promise<ComposedBatch> {
  const staging = { run, homes: ctx.homes.deferred(), ...by };
  const composed: Composed[] = [];
  for (const part of run.parts) {
    const one = await compose(ctx, staging, part);
    if (one !== undefined) composed.push(one);
  }
  return { run, composed };
}

/** What all batches are staged with. */
export interface StagingMeans {
  readonly contents: StagedContents;
  readonly signers: KnownSigners;
}

interface Staging extends StagingMeans {
  readonly run: OperationRun;
  readonly homes: MemberHomes;
}

/** Undefined: nothing is to be done for the member. */
async function compose(
  ctx: OperationContext,
  staging: Staging,
  part: OperationMember,
): Promise<Composed | undefined> {
  const { run } = staging;
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.trustSet === null || part.trustProvedAt !== null)
    return undefined;
  const { member, home } = reached;
  const known = findSet(run, member.id, part.trustSet);
  if (known !== undefined) return { part, member, home, set: known, files: null };
  try {
    const made = await composeTrustSet(ctx, staging, { member, home, number: part.trustSet });
    return { part, member, home, ...made };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return { part, member, home, set: error, files: null };
  }
}

interface TrustTarget {
  readonly member: Member;
  readonly home: string;
  readonly number: number;
}

async function composeTrustSet(
  ctx: OperationContext,
  staging: Staging,
  target: TrustTarget,
): Promise<{ readonly set: MemberSet; readonly files: SetFiles }> {
  const { run, contents } = staging;
  const { member, number } = target;
  const live = liveSet(run.snapshot, member.id);
  const staged = await contents(live);
  const serves = live !== undefined && live.leaf !== null;
  const caCert = staged.bundles.caCert;
  const files = serves
    ? await serverFiles(ctx, staging, target, { live, staged })
    : { 'ca.cert': caCert };
  return {
    files,
    set: {
      memberId: member.id,
      number,
      purpose: 'trust',
      state: 'ready',
      leaf: live?.leaf ?? null,
      ...staged.content,
      operationId: run.operation.id,
      createdAt: run.now,
    },
  };
}

async function serverFiles(
  ctx: OperationContext,
  { run, homes, signers }: Staging,
  { member, home }: TrustTarget,
  from: { readonly live: MemberSet; readonly staged: StagedSet },
): Promise<SetFiles> {
  const { live, staged } = from;
  const pkcs8 = await homes.readKey(home, live.number);
  if (pkcs8 === undefined) {
    throw new ZmintError(
      'damaged',
      `generation ${live.number} of ${member.name} is missing or not complete`,
      { hint: 'zmint doctor' },
    );
  }
  const [leaf = new Uint8Array()] = await ctx.store.der([live.leaf ?? '']);
  if (!hasExpired(run, member)) {
    const signedBy = await signers(run.snapshot.current.get(member.id));
    const set = { leaf: parseCertificate(leaf), pkcs8, signedBy };
    await staged.prove(set, `the trust set of ${member.name}`);
  }
  const files = bundledFiles(ctx, staged.bundles, { leaf, pkcs8 });
  if (member.kind !== 'satellite') return files;
  const { content } = staged;
  const chain = [leaf, ...(await ctx.store.der(content.chain))];
  const trust = await ctx.store.der(content.trust);
  return withKeystore(ctx, { member, home, files }, { chain, pkcs8, trust });
}

/** What has expired anyway must not keep its successor from being staged. */
function hasExpired(run: OperationRun, member: Member): boolean {
  const current = run.snapshot.current.get(member.id);
  const roots = run.snapshot.authorityCertificates.filter((record) => record.state === 'current');
  return [current, ...roots].some((record) => record !== undefined && record.notAfter < run.now);
}
