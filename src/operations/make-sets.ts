import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { KeyPair } from '../ports/keys.js';
import type { MemberHomes } from '../ports/member-homes.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { encodeDistinguishedName } from '../x509/distinguished-name.js';
import { lintIssued } from '../x509/lint-certificate.js';
import type { KeySpec } from '../zone/key-spec.js';
import { serverHome } from '../zone/member-home.js';
import { createSetProver } from './check-set.js';
import { SERVER_AUTH } from './issue-certificate.js';
import { issueMany, type BatchOrder, type IssuedUnread } from './issue-many.js';
import { holdsForeign, isEmptyRepo, waitingSets } from './own-repo.js';
import { withKeystore } from './render-keystore.js';
import { renderedFiles } from './rendered-files.js';
import {
  attempt,
  errorsOf,
  valuesOf,
  type Attempt,
  type MadeSet,
  type MadeSets,
  type ServerJob,
  type ServerMinting,
} from './server-job.js';
import { bundledFiles, setBundles } from './set-files.js';

/**
 * The first half of minting a batch: keys and certificates, each proved as a client would see it.
 * Nothing is written but the serial numbers, and repos of leftovers of our own cleared.
 */
export async function makeSets(
  ctx: OperationContext,
  minting: ServerMinting,
  jobs: readonly ServerJob[],
): Promise<MadeSets> {
  const homes = ctx.homes.deferred();
  const cleared = await clearRepos(ctx, homes, jobs);
  await homes.flush();
  const keyed = await addKeys(
    ctx,
    homes,
    valuesOf(cleared).map(({ job }) => job),
  );
  const signed = await signAll(ctx, minting, valuesOf(keyed));
  const made = await proveSets(ctx, minting, signed);
  return {
    made: valuesOf(made).map(({ value }) => value),
    failed: [cleared, keyed, made].flatMap(errorsOf),
  };
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

function clearRepos(
  ctx: OperationContext,
  homes: MemberHomes,
  jobs: readonly ServerJob[],
): Promise<readonly Attempt<string>[]> {
  return Promise.all(
    jobs.map((job) =>
      attempt(job, async () => {
        const home = serverHome(ctx.zoneHome, job.member);
        await clearOwnRepo(ctx, homes, job, home);
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
  // A path that is not safe shows here, before a serial number is taken.
  const repo = await homes.readRepo(home);
  if (job.purpose !== 'future' || isEmptyRepo(repo)) return;
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
  if (ready.length === 0) return [];
  const signer = await minting.keys.signer(minting.authority);
  const issuer = {
    signer,
    name: minting.issuer.subject,
    certificate: minting.issuer,
    extensions: minting.extensions ?? [],
  };
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

/** Each certificate is read as a client reads it, and its set composed (I-1, I-7, I-24). */
async function proveSets(
  ctx: OperationContext,
  minting: ServerMinting,
  signed: readonly Signed[],
): Promise<readonly Attempt<MadeSet>[]> {
  const shared = { chain: minting.chain.ders, trust: minting.trust.ders };
  const prove = createSetProver(ctx, shared, minting.validAt);
  const bundles = setBundles(shared);
  const made: Attempt<MadeSet>[] = [];
  for (const { job, pair, issued } of signed) {
    made.push(
      await attempt(job, async () => {
        const leaf = parseCertificate(issued.der);
        refuseFlawed(lintIssued(leaf, minting.issuer), leaf);
        await prove({ leaf, ...pair }, `the new set of ${job.member.name}`);
        const own = { leaf: issued.der, pkcs8: pair.pkcs8 };
        const { member } = job;
        const home = serverHome(ctx.zoneHome, member);
        const to = { member, home, files: bundledFiles(ctx, bundles, own) };
        const parts = { ...shared, chain: [issued.der, ...shared.chain], pkcs8: pair.pkcs8 };
        return { job, home, issued, files: await withKeystore(ctx, to, parts) };
      }),
    );
  }
  return made;
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
