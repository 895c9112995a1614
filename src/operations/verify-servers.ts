import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant, Seconds } from '../zone/instant.js';
import { judgeServed, uncoveredNames, type ServedProblem } from '../zone/judge-served.js';
import { findServer } from '../zone/member-path.js';
import { isServer, type Member } from '../zone/member.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { checkLiveSet } from './check-live-set.js';
import { findMembers } from './find-members.js';
import { readAround } from './read-around.js';
import { readBase } from './read-snapshot.js';
import { runBounded } from './run-bounded.js';
import { demandsOf, readVerifyMaterial, type VerifyMaterial } from './verify-material.js';

/** What was found out about one server. */
export interface ServerVerdict {
  readonly member: Member;
  /** How it was looked at: by a handshake, or its files alone. */
  readonly seen: 'handshake' | 'files';
  readonly protocol: string | null;
  /** SHA-256 of what it shows, its own certificate first; empty without a handshake. */
  readonly served: readonly Fingerprint[];
  readonly expected: Fingerprint | null;
  /** The end of the certificate that is recorded as current. */
  readonly ends: Instant | null;
  /** Which clients were tried: `clients with only the old root` … */
  readonly clients: readonly string[];
  /** The gravest first; empty: all is well. */
  readonly problems: readonly ServedProblem[];
  readonly notices: readonly string[];
}

const TIMEOUT: Seconds = 5;
const AT_ONCE = 16;
const STEP = 'verify';

/**
 * Connects to servers, all or those that were named, and judges what they show and the files that
 * they read. A server that cannot be reached is a verdict, not an error. Throws `unknown-member`,
 * `ambiguous-member`, and what `ZoneReader` throws.
 */
export async function verifyServers(
  ctx: ReadContext,
  words: readonly string[],
  now: Instant,
): Promise<readonly ServerVerdict[]> {
  const base = await readBase(ctx, now);
  const named = words.length === 0 ? null : await namedServers(ctx, words);
  const material = await readVerifyMaterial(ctx, base);
  const total = named?.length ?? (await ctx.counts.members()).servers;
  const verdicts: ServerVerdict[] = [];
  let done = 0;
  ctx.progress.report({ type: 'begin', step: STEP, total });
  for await (const members of named === null ? serverPages(ctx) : [named]) {
    const around = { ...material, snapshot: await readAround(ctx, base, members) };
    const judged = await runBounded(members, AT_ONCE, async (member) => {
      const verdict = await verifyServer(ctx, around, member);
      done += 1;
      ctx.progress.report({ type: 'advance', step: STEP, done });
      return verdict;
    });
    verdicts.push(...judged);
  }
  ctx.progress.report({ type: 'end', step: STEP });
  return verdicts;
}

/** Each once, by path. */
async function namedServers(
  ctx: ReadContext,
  words: readonly string[],
): Promise<readonly Member[]> {
  const found = await findMembers(ctx, words, findServer);
  return ctx.store.membersById([...new Set(found.map(({ id }) => id))]);
}

/** All servers by path. */
async function* serverPages(ctx: ReadContext): AsyncGenerator<readonly Member[], void> {
  for (let after: string | null = null; ;) {
    const page: readonly Member[] = await ctx.store.membersAfter({ after, limit: ctx.batchSize });
    yield page.filter(isServer);
    if (page.length < ctx.batchSize) return;
    after = page.at(-1)?.path ?? null;
  }
}

async function verifyServer(
  ctx: ReadContext,
  material: VerifyMaterial,
  member: Member,
): Promise<ServerVerdict> {
  const live = liveSet(material.snapshot, member.id);
  const current = material.snapshot.current.get(member.id);
  const known = {
    member,
    expected: live?.leaf ?? null,
    ends: current?.notAfter ?? null,
    clients: demandsOf(material, member).map(({ who }) => who),
  };
  const files = await checkLiveSet(ctx, material.snapshot, member);
  const noLook = { ...known, seen: 'files' as const, protocol: null, served: [] };
  if (live?.leaf === null || live === undefined) return { ...noLook, problems: files, notices: [] };
  if (member.probe === null) return { ...noLook, problems: files, notices: [] };
  const look = await lookOnce(ctx, material, { member, expected: live.leaf });
  return { ...known, ...look, problems: [...look.problems, ...files] };
}

type Look = Pick<ServerVerdict, 'seen' | 'protocol' | 'served' | 'problems' | 'notices'>;

async function lookOnce(
  ctx: ReadContext,
  material: VerifyMaterial,
  target: { readonly member: Member; readonly expected: Fingerprint },
): Promise<Look> {
  const { member } = target;
  const nothing = { seen: 'handshake' as const, protocol: null, served: [], notices: [] };
  try {
    const name = member.dnsName ?? member.name;
    const { chain, protocol } = await ctx.network.look(member.probe ?? '', name, TIMEOUT);
    const served = chain.map((der) => ctx.digest.sha256(der));
    return { ...nothing, protocol, served, ...(await judge(ctx, material, { ...target, chain })) };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const fault = error.code === 'unreachable' ? 'unreachable' : 'unreadable';
    const { code, message } = error;
    const mend = error.hint ?? `zmint server show ${member.name}`;
    return { ...nothing, problems: [{ fault, code, message, mend }] };
  }
}

async function judge(
  ctx: ReadContext,
  material: VerifyMaterial,
  seen: {
    readonly member: Member;
    readonly expected: Fingerprint;
    readonly chain: readonly Uint8Array[];
  },
): Promise<Pick<Look, 'problems' | 'notices'>> {
  const { member, expected, chain } = seen;
  const [leaf, ...rest] = chain.map((der) => ({
    certificate: parseCertificate(der),
    fingerprint: ctx.digest.sha256(der),
  }));
  if (leaf === undefined) throw new ZmintError('unreachable', `${member.name} shows nothing`);
  const problems = judgeServed({
    member,
    now: material.snapshot.now,
    served: [leaf, ...rest],
    expected,
    owner: leaf.fingerprint === expected ? null : await ownerOf(ctx, leaf.fingerprint),
    clients: demandsOf(material, member),
    known: material.known,
    crosses: material.crosses,
    fingerprint: (certificate) => ctx.digest.sha256(certificate.der),
    verify: (spki, algorithm, data, signature) => ctx.keys.verify(spki, algorithm, data, signature),
  });
  const lost = uncoveredNames(member, leaf.certificate).filter((name) => name !== member.dnsName);
  const hint = `zmint ssl remint ${member.name} --include-dns`;
  const notices =
    lost.length === 0
      ? []
      : [`the certificate of ${member.name} is not for ${lost.join(', ')} (${hint})`];
  return { problems, notices };
}

async function ownerOf(ctx: ReadContext, fingerprint: Fingerprint): Promise<string | null> {
  const record = await ctx.store.certificate(fingerprint);
  if (record === undefined) return null;
  const [member] = await ctx.store.membersById([record.memberId ?? '']);
  return `the ${record.state} certificate of ${member?.name ?? record.subject}`;
}
