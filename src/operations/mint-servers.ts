import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { KeyPair } from '../ports/keys.js';
import type { MemberHomes } from '../ports/member-homes.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { encodeDistinguishedName } from '../x509/distinguished-name.js';
import { lintIssued } from '../x509/lint-certificate.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { KeySpec } from '../zone/key-spec.js';
import type { Member } from '../zone/member.js';
import { serverHome } from '../zone/member-home.js';
import type { MemberSet, SetPurpose } from '../zone/member-set.js';
import type { PlannedServer } from '../zone/remint-plan.js';
import { createSetProver } from './check-set.js';
import { SERVER_AUTH } from './issue-certificate.js';
import { issueMany, type BatchOrder, type IssuedUnread } from './issue-many.js';
import { holdsForeign, isEmptyRepo, waitingSets } from './own-repo.js';
import { renderedFiles } from './rendered-files.js';
import { bundledFiles, setBundles } from './set-files.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** A server whose set is to be made: what is planned, and where it goes. */
export interface ServerJob {
  readonly member: Member;
  readonly planned: PlannedServer;
  readonly number: number;
  readonly purpose: SetPurpose;
  /** The sets of the server that wait already. */
  readonly waiting: readonly MemberSet[];
}

export interface ServerMinting {
  readonly authority: Authority;
  readonly keys: AuthorityKeys;
  /** The CA's own certificate. */
  readonly issuer: Certificate;
  /** Sent behind every leaf. */
  readonly chain: Bundle;
  /** The roots of every trust bundle. */
  readonly trust: Bundle;
  readonly operationId: string | null;
  readonly now: Instant;
  /** When the sets must be valid. */
  readonly validAt: Instant;
  readonly state: 'future' | 'current';
  /** Whether the sets are shown in the remint-repos too. */
  readonly rendered: boolean;
}

/** Certificates of the repository, by fingerprint and as DER in the same order. */
export interface Bundle {
  readonly fingerprints: readonly Fingerprint[];
  readonly ders: readonly Uint8Array[];
}

export type MintOutcome =
  | {
      readonly job: ServerJob;
      readonly record: CertificateRecord;
      readonly der: Uint8Array;
      readonly set: MemberSet;
    }
  | { readonly job: ServerJob; readonly error: ZmintError };

/**
 * Mints certificates for a batch of servers and writes each set, complete and proved, into its
 * home, where nothing points to it yet. A server that fails does not stop the others. Nothing is
 * recorded but the serial numbers: the caller commits the outcome, which is durable by then.
 *
 * Order of writes: serial numbers; each server's key and certificate in one new folder, read back,
 * renamed, and its `remint-repo`; one sync for all of them.
 */
export async function mintServers(
  ctx: OperationContext,
  minting: ServerMinting,
  jobs: readonly ServerJob[],
): Promise<readonly MintOutcome[]> {
  const homes = ctx.homes.deferred();
  const prepared = await prepareHomes(ctx, homes, jobs);
  const failed = prepared.flatMap((one) => ('error' in one ? [one] : []));
  const keyed = await addKeys(
    ctx,
    homes,
    prepared.flatMap((one) => ('error' in one ? [] : [one.job])),
  );
  failed.push(...keyed.flatMap((one) => ('error' in one ? [one] : [])));
  const ready = keyed.flatMap((one) => ('error' in one ? [] : [one]));
  if (ready.length === 0) {
    await homes.flush();
    return failed;
  }
  const issued = await signAll(ctx, minting, ready);
  const written = await writeSets(ctx, homes, minting, issued);
  await homes.flush();
  return [...failed, ...written];
}

/** A server with its new key pair. */
interface Keyed {
  readonly job: ServerJob;
  readonly value: KeyPair;
}

interface Signed {
  readonly job: ServerJob;
  readonly pair: KeyPair;
  readonly issued: IssuedUnread;
}

function prepareHomes(
  ctx: OperationContext,
  homes: MemberHomes,
  jobs: readonly ServerJob[],
): Promise<readonly Attempt<string>[]> {
  return Promise.all(
    jobs.map((job) =>
      attempt(job, async () => {
        const home = serverHome(ctx.zoneHome, job.member);
        await homes.prepare(home);
        if (job.purpose === 'future') await clearOwnRepo(ctx, homes, job, home);
        return home;
      }),
    ),
  );
}

/** Fresh keys of one kind are made together. */
async function addKeys(
  ctx: OperationContext,
  homes: MemberHomes,
  jobs: readonly ServerJob[],
): Promise<readonly Attempt<KeyPair>[]> {
  const keyed: Attempt<KeyPair>[] = [];
  const fresh = new Map<KeySpec, ServerJob[]>();
  for (const job of jobs) {
    const { keepKey, keySpec } = job.planned;
    if (keepKey) keyed.push(await attempt(job, () => keptKey(ctx, homes, job)));
    else fresh.set(keySpec, [...(fresh.get(keySpec) ?? []), job]);
  }
  for (const [spec, wanting] of fresh) {
    const pairs = await ctx.keys.generateMany(spec, wanting.length);
    for (const [index, job] of wanting.entries()) {
      const value = pairs[index];
      if (value === undefined) throw new ZmintError('bug', 'fewer keys were made than asked for');
      keyed.push({ job, value });
    }
  }
  return keyed;
}

async function keptKey(
  ctx: OperationContext,
  homes: MemberHomes,
  job: ServerJob,
): Promise<KeyPair> {
  const home = serverHome(ctx.zoneHome, job.member);
  const live = await homes.live(home);
  const pkcs8 = live === undefined ? undefined : await homes.readKey(home, live);
  if (pkcs8 !== undefined) return ctx.keys.pairOf(pkcs8);
  throw new ZmintError('not-found', `${job.member.name} has no key that could be kept`, {
    hint: `zmint ssl remint ${job.member.name}`,
  });
}

/**
 * What a person put into the repo is never overwritten. What a crashed run put there goes before
 * its set is written anew, so that the repo never holds anything but a part of the set on disk; so
 * does the set of an operation that went on without this server.
 */
async function clearOwnRepo(
  ctx: OperationContext,
  homes: MemberHomes,
  job: ServerJob,
  home: string,
): Promise<void> {
  const repo = await homes.readRepo(home);
  if (isEmptyRepo(repo)) return;
  const own = await waitingSets(homes, home, [job.number, ...job.waiting.map((set) => set.number)]);
  if (holdsForeign(ctx, repo, own)) {
    const { name } = job.member;
    throw new ZmintError('policy', `the remint-repo of ${name} holds files placed by hand`, {
      hint: `take them with zmint ssl remint ${name}, or move them away`,
    });
  }
  for (const files of own) await homes.clearRepo(home, renderedFiles(ctx, files));
}

async function signAll(
  ctx: OperationContext,
  minting: ServerMinting,
  ready: readonly Keyed[],
): Promise<readonly Signed[]> {
  const signer = await minting.keys.signer(minting.authority);
  const issuer = { signer, name: minting.issuer.subject, certificate: minting.issuer };
  const orders = ready.map(({ job, value }) => order(minting, job, value));
  const issued = await issueMany(ctx, issuer, orders, minting.now);
  return ready.map(({ job, value }, index) => {
    const one = issued[index];
    if (one === undefined)
      throw new ZmintError('bug', `no certificate was made for ${job.member.name}`);
    return { job, pair: value, issued: one };
  });
}

function order(minting: ServerMinting, job: ServerJob, pair: KeyPair): BatchOrder {
  const { names, validity, keepKey, replaces } = job.planned;
  const fits = names.commonName.length <= 64;
  return {
    subject: {
      name: encodeDistinguishedName(fits ? [{ type: 'CN', value: names.commonName }] : []),
      spki: pair.spki,
      validity,
      ca: false,
      dnsNames: names.dnsNames,
      ipAddresses: names.ipAddresses,
      extendedKeyUsage: [SERVER_AUTH],
    },
    facts: {
      purpose: 'server',
      memberId: job.member.id,
      operationId: minting.operationId,
      issuerGeneration: minting.authority.generation,
      subjectGeneration: null,
      keyFrom: keepKey ? replaces : null,
      at: minting.now,
    },
    state: minting.state,
  };
}

/** Each set is written, read back and proved; then its key is forgotten. */
async function writeSets(
  ctx: OperationContext,
  homes: MemberHomes,
  minting: ServerMinting,
  signed: readonly Signed[],
): Promise<readonly MintOutcome[]> {
  const shared = { chain: minting.chain.ders, trust: minting.trust.ders };
  const prove = createSetProver(ctx, shared, minting.validAt);
  const bundles = setBundles(shared);
  const outcomes: MintOutcome[] = [];
  for (const { job, pair, issued } of signed) {
    const written = await attempt(job, async () => {
      const leaf = parseCertificate(issued.der);
      refuseFlawed(lintIssued(leaf, minting.issuer), leaf);
      const files = bundledFiles(ctx, bundles, { leaf: issued.der, pkcs8: pair.pkcs8 });
      await prove({ leaf, pkcs8: pair.pkcs8 }, `the new set of ${job.member.name}`);
      const home = serverHome(ctx.zoneHome, job.member);
      await homes.writeSet(home, job.number, files);
      if (minting.rendered) await homes.writeRepo(home, files);
    });
    pair.pkcs8.fill(0);
    outcomes.push(
      'error' in written ? written : { job, ...issued, set: setRow(minting, job, issued) },
    );
  }
  return outcomes;
}

function setRow(minting: ServerMinting, job: ServerJob, issued: IssuedUnread): MemberSet {
  return {
    memberId: job.member.id,
    number: job.number,
    purpose: job.purpose,
    state: 'ready',
    leaf: issued.record.fingerprint,
    chain: minting.chain.fingerprints,
    trust: minting.trust.fingerprints,
    operationId: minting.operationId,
    createdAt: minting.now,
  };
}

/** Throws `bug` for a certificate of ours that breaks our own rules (I-7, I-9, I-10). */
function refuseFlawed(problems: readonly string[], leaf: Certificate): void {
  if (problems.length === 0) return;
  throw new ZmintError(
    'bug',
    `the certificate for ${leaf.subject.text} would break the rules: ${problems.join('; ')}`,
    { details: { problems } },
  );
}

type Attempt<T> =
  | { readonly job: ServerJob; readonly value: T }
  | { readonly job: ServerJob; readonly error: ZmintError };

async function attempt<T>(job: ServerJob, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { job, value: await work() };
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return { job, error };
    throw error;
  }
}
