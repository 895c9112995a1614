import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { KeyPair } from '../ports/keys.js';
import type { Certificate } from '../x509/certificate.js';
import { encodeDistinguishedName } from '../x509/distinguished-name.js';
import type { Authority } from '../zone/authority.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import { serverHome } from '../zone/member-home.js';
import type { MemberSet, SetPurpose } from '../zone/member-set.js';
import type { PlannedServer } from '../zone/remint-plan.js';
import { checkSet } from './check-set.js';
import { issueAll, type Issued, type Order } from './issue-all.js';
import { SERVER_AUTH } from './issue-certificate.js';
import { holdsForeign, ownRepoSets } from './own-repo.js';
import { renderedFiles } from './rendered-files.js';
import { setFiles } from './set-files.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** A server whose set is to be made: what is planned, and where it goes. */
export interface ServerJob {
  readonly member: Member;
  readonly planned: PlannedServer;
  readonly number: number;
  readonly purpose: SetPurpose;
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
}

/** Certificates of the repository, by fingerprint and as DER in the same order. */
export interface Bundle {
  readonly fingerprints: readonly Fingerprint[];
  readonly ders: readonly Uint8Array[];
}

export type MintOutcome =
  | {
      readonly job: ServerJob;
      readonly issued: Issued;
      readonly set: MemberSet;
      readonly der: Uint8Array;
    }
  | { readonly job: ServerJob; readonly error: ZmintError };

/**
 * Mints certificates for a batch of servers and writes each set, complete and checked, into its
 * home, where nothing points to it yet. A server that fails does not stop the others. Nothing is
 * recorded but the serial numbers: the caller commits the outcome.
 *
 * Order of writes for each: serial number, key and certificate in one new folder, `remint-repo`.
 */
export async function mintServers(
  ctx: OperationContext,
  minting: ServerMinting,
  jobs: readonly ServerJob[],
): Promise<readonly MintOutcome[]> {
  const prepared = await Promise.all(jobs.map((job) => attempt(job, () => prepareKey(ctx, job))));
  const ready = prepared.flatMap((one) => ('error' in one ? [] : [one]));
  const failed = prepared.flatMap((one) => ('error' in one ? [one] : []));
  if (ready.length === 0) return failed;
  const signer = await minting.keys.signer(minting.authority);
  const issuer = { signer, name: minting.issuer.subject, certificate: minting.issuer };
  const issued = await issueAll(
    ctx,
    ready.map(({ job, value }) => order(minting, issuer, job, value)),
    minting.now,
  );
  const outcomes: MintOutcome[] = [...failed];
  for (const [index, { job, value }] of ready.entries()) {
    const one = issued[index];
    if (one === undefined)
      throw new ZmintError('bug', `no certificate was made for ${job.member.name}`);
    const written = await attempt(job, () =>
      writeSet(ctx, minting, job, { pair: value, issued: one }),
    );
    value.pkcs8.fill(0);
    outcomes.push(
      'error' in written
        ? written
        : { job, issued: one, set: written.value, der: one.certificate.der },
    );
  }
  return outcomes;
}

async function prepareKey(ctx: OperationContext, job: ServerJob): Promise<KeyPair> {
  const home = serverHome(ctx.zoneHome, job.member);
  await ctx.homes.prepare(home);
  if (job.purpose === 'future') await clearOwnRepo(ctx, job, home);
  if (!job.planned.keepKey) return ctx.keys.generate(job.planned.keySpec);
  const { live } = await ctx.homes.observe(home);
  const files = live === undefined ? undefined : await ctx.homes.readSet(home, live);
  const pkcs8 = files?.['key.der'];
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
async function clearOwnRepo(ctx: OperationContext, job: ServerJob, home: string): Promise<void> {
  const own = await ownRepoSets(ctx, { memberId: job.member.id, home }, [job.number]);
  if (holdsForeign(ctx, await ctx.homes.readRepo(home), own)) {
    const { name } = job.member;
    throw new ZmintError('policy', `the remint-repo of ${name} holds files placed by hand`, {
      hint: `take them with zmint ssl remint ${name}, or move them away`,
    });
  }
  for (const files of own) await ctx.homes.clearRepo(home, renderedFiles(ctx, files));
}

function order(
  minting: ServerMinting,
  issuer: Order['issuer'],
  job: ServerJob,
  pair: KeyPair,
): Order {
  const { names, validity, keepKey, replaces } = job.planned;
  const fits = names.commonName.length <= 64;
  return {
    issuer,
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

async function writeSet(
  ctx: OperationContext,
  minting: ServerMinting,
  job: ServerJob,
  made: { readonly pair: KeyPair; readonly issued: Issued },
): Promise<MemberSet> {
  const home = serverHome(ctx.zoneHome, job.member);
  const { certificate, record } = made.issued;
  const files = setFiles(ctx, {
    chain: [certificate.der, ...minting.chain.ders],
    pkcs8: made.pair.pkcs8,
    trust: minting.trust.ders,
  });
  await checkSet(ctx, files, `the new set of ${job.member.name}`, minting.validAt);
  await ctx.homes.writeSet(home, job.number, files);
  if (job.purpose === 'future') await ctx.homes.writeRepo(home, files);
  return {
    memberId: job.member.id,
    number: job.number,
    purpose: job.purpose,
    state: 'ready',
    leaf: record.fingerprint,
    chain: minting.chain.fingerprints,
    trust: minting.trust.fingerprints,
    operationId: minting.operationId,
    createdAt: minting.now,
  };
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
