import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import { readCertificates } from '../x509/read-certificates.js';
import { decideMember, refuseDuplicates, type MemberInput } from '../zone/decide-member.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import { isServer, type Member } from '../zone/member.js';
import { noActiveAuthority } from '../zone/no-active-authority.js';
import { presentContent } from '../zone/operation-content.js';
import { refuseSharedHomes } from '../zone/refuse-shared-homes.js';
import {
  activeAuthority,
  authorityCertificate,
  caOperation,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import { finishFirstSets } from './finish-first-sets.js';
import { firstServerPlan } from './first-server-plan.js';
import { mintServers } from './mint-servers.js';
import type { MintOutcome, ServerJob } from './server-job.js';
import { mintingMaterial } from './minting-material.js';
import { membersInTheWay } from './members-in-the-way.js';
import { readBase } from './read-snapshot.js';
import { publishCrlsTo } from './publish-crls.js';
import { recordEvent } from './record-event.js';
import { authorityKeys } from './unlock-authority.js';

/** Members to be added, checked against the zone. */
export interface AddPlan {
  readonly basis: number;
  readonly at: Instant;
  /** Ids are given when the plan is carried out. */
  readonly members: readonly Member[];
  /** Whether servers get their first certificate. */
  readonly mint: boolean;
}

export interface AddReport {
  readonly added: readonly {
    readonly member: Member;
    readonly home: string | null;
    readonly notAfter: Instant | null;
  }[];
  readonly failed: readonly { readonly member: Member; readonly error: ZmintError }[];
}

/**
 * Plans the adding of servers or devices. Throws `policy`, `usage` or `member-exists` for the first
 * that does not fit, `operation-pending` for servers while a CA operation is not active yet.
 */
export async function planAdd(
  ctx: ReadContext,
  request: { readonly members: readonly MemberInput[]; readonly mint: boolean },
  now: Instant,
): Promise<AddPlan> {
  const snapshot = await readBase(ctx, now);
  const members = request.members.map((input) => decideMember(input, { id: '', addedAt: now }));
  await refuseTaken(ctx, members);
  const servers = members.filter(isServer);
  // What an external CA issues is imported: its servers begin without a certificate.
  const mint = request.mint && activeAuthority(snapshot)?.kind !== 'external';
  if (mint && servers.length > 0) refuseUnready(snapshot);
  return { basis: snapshot.sequence, at: now, members, mint };
}

/** Throws `member-exists` or `policy` unless names and homes are free. */
async function refuseTaken(ctx: ReadContext, members: readonly Member[]): Promise<void> {
  const others = await membersInTheWay(ctx, members);
  refuseDuplicates(others, members);
  refuseSharedHomes(ctx.zoneHome, others, members);
}

function refuseUnready(snapshot: ZoneSnapshot): void {
  if (activeAuthority(snapshot) === undefined) throw withoutCertificates(snapshot);
  const running = caOperation(snapshot);
  if (running === undefined || running.phase === 'active') return;
  throw new ZmintError(
    'operation-pending',
    `${running.id}, a remint of the CA, is ${running.phase}: a new server would miss it`,
    {
      hint: 'add it with --no-mint now, and give it a certificate with zmint ssl remint when the CA is active',
      details: { operation: running.id, phase: running.phase },
    },
  );
}

/** While the first CA waits for its certificate, it signs none. */
function withoutCertificates(snapshot: ZoneSnapshot): ZmintError {
  const { code, message, hint, details } = noActiveAuthority(snapshot);
  const instead = 'add it with --no-mint now: it gets its certificate when the CA has one';
  return new ZmintError(code, message, {
    details,
    hint: code === 'operation-pending' ? instead : (hint ?? ''),
  });
}

/**
 * Adds the members; each server with its first certificate, live at once. A server whose
 * certificate cannot be made is not added and is reported.
 *
 * Order of writes for each batch: serial numbers, sets, records, live links.
 */
export async function executeAdd(ctx: OperationContext, plan: AddPlan): Promise<AddReport> {
  await finishFirstSets(ctx, plan.at);
  const snapshot = await readBase(ctx, plan.at);
  await refuseTaken(ctx, plan.members);
  const members = plan.members.map((member) => ({ ...member, id: ctx.random.uuid() }));
  const isMinted = (member: Member): boolean => plan.mint && isServer(member);
  const minted = members.filter(isMinted);
  const plain = members.filter((member) => !isMinted(member));
  if (plain.length > 0) await recordPlain(ctx, plan, plain);
  const first = minted.length === 0 ? NOBODY : await mintFirst(ctx, snapshot, plan, minted);
  const recorded = plain.map((member) => ({
    member,
    home: isServer(member) ? serverHome(ctx.zoneHome, member) : member.home,
    notAfter: null,
  }));
  return { added: [...recorded, ...first.added], failed: first.failed };
}

const NOBODY: AddReport = { added: [], failed: [] };

async function recordPlain(
  ctx: OperationContext,
  plan: AddPlan,
  members: readonly Member[],
): Promise<void> {
  await recordEvent(
    ctx,
    {
      what: 'members-added',
      at: plan.at,
      details: { members: members.map((member) => member.path) },
    },
    [{ type: 'put-members', members }],
  );
}

async function mintFirst(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  plan: AddPlan,
  members: readonly Member[],
): Promise<AddReport> {
  const authority = activeAuthority(snapshot);
  const record = authority === undefined ? undefined : authorityCertificate(snapshot, authority);
  if (authority === undefined || record === undefined) throw noActiveAuthority(snapshot);
  const content = presentContent(snapshot, await ctx.store.anchors());
  const material = await mintingMaterial(ctx, authority, content);
  const keys = authorityKeys(ctx, snapshot);
  const added: AddReport['added'][number][] = [];
  const failed: AddReport['failed'][number][] = [];
  ctx.progress.report({ type: 'begin', step: 'mint', total: members.length });
  try {
    // A wrong passphrase must show before the first folder is made (I-21).
    await keys.signer(authority);
    for (let start = 0; start < members.length; start += ctx.batchSize) {
      const some = members.slice(start, start + ctx.batchSize);
      const basis = { zone: snapshot.zone, issuer: record, at: plan.at };
      const jobs = await firstJobs(ctx, some, basis);
      const minting = {
        authority,
        keys,
        ...material,
        operationId: null,
        now: plan.at,
        validAt: plan.at,
        state: 'current' as const,
        rendered: false,
      };
      const batch = await mintServers(ctx, minting, jobs);
      await recordAdded(ctx, plan, batch);
      const told = reportOf(ctx, batch);
      added.push(...told.added);
      failed.push(...told.failed);
      ctx.progress.report({ type: 'advance', step: 'mint', done: added.length + failed.length });
    }
  } finally {
    keys.close();
    ctx.progress.report({ type: 'end', step: 'mint' });
  }
  return { added, failed };
}

async function firstJobs(
  ctx: OperationContext,
  members: readonly Member[],
  basis: Parameters<typeof firstServerPlan>[1],
): Promise<readonly ServerJob[]> {
  const jobs: ServerJob[] = [];
  for (const member of members) {
    await refuseTakenHome(ctx, member);
    const planned = firstServerPlan(member, basis);
    const number = await firstNumber(ctx, member);
    jobs.push({ member, planned, number, purpose: 'first', waiting: [] });
  }
  return jobs;
}

/** What is told of a batch: its certificates and sets lie on disk and need not be kept. */
function reportOf({ zoneHome }: OperationContext, batch: readonly MintOutcome[]): AddReport {
  return {
    added: batch.flatMap((outcome) => {
      if ('error' in outcome) return [];
      const { member } = outcome.job;
      const { notAfter } = outcome.record;
      return [{ member, home: serverHome(zoneHome, member), notAfter }];
    }),
    failed: batch.flatMap((outcome) =>
      'error' in outcome ? [{ member: outcome.job.member, error: outcome.error }] : [],
    ),
  };
}

/** Links can lead two paths to one folder: then a certificate that another server serves lies there. */
async function refuseTakenHome(ctx: OperationContext, member: Member): Promise<void> {
  if (member.home === null) return;
  const leaf = await findLeaf(ctx, member.home);
  const record = leaf === undefined ? undefined : await ctx.store.certificate(leaf);
  const [owner] = await ctx.store.membersById([record?.memberId ?? '']);
  if (owner === undefined) return;
  throw new ZmintError(
    'member-exists',
    `the home ${member.home} of "${member.name}" is that of "${owner.name}" by another path`,
    { hint: 'give each member a home of its own' },
  );
}

/** What is live in a home; undefined also for what cannot be read, which shows when it is written to. */
async function findLeaf(ctx: OperationContext, home: string): Promise<Fingerprint | undefined> {
  try {
    const { live } = await ctx.homes.observe(home);
    const files = live === undefined ? undefined : await ctx.homes.readSet(home, live);
    const bytes = files?.['server.cer'];
    const [leaf] = bytes === undefined ? [] : readCertificates(bytes, `${home}/server.cer`);
    return leaf === undefined ? undefined : ctx.digest.sha256(leaf.der);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return undefined;
    throw error;
  }
}

/** A home may hold generations of a server that was removed before. */
async function firstNumber(ctx: OperationContext, member: Member): Promise<number> {
  try {
    const { live, generations } = await ctx.homes.observe(serverHome(ctx.zoneHome, member));
    return 1 + Math.max(0, live ?? 0, ...generations);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return 1;
    throw error;
  }
}

async function recordAdded(
  ctx: OperationContext,
  plan: AddPlan,
  batch: readonly MintOutcome[],
): Promise<void> {
  const made = batch.flatMap((outcome) => ('error' in outcome ? [] : [outcome]));
  if (made.length === 0) return;
  const members = made.map((outcome) => outcome.job.member);
  const changes: readonly Change[] = [
    { type: 'put-members', members },
    {
      type: 'add-certificates',
      certificates: made.map(({ record, der }) => ({ record, der })),
    },
    { type: 'put-sets', sets: made.map((outcome) => outcome.set) },
  ];
  await recordEvent(
    ctx,
    {
      what: 'members-added',
      at: plan.at,
      details: { members: members.map((member) => member.path) },
    },
    changes,
  );
  await finishFirstSets(ctx, plan.at);
  await publishCrlsTo(ctx, members, plan.at);
}
