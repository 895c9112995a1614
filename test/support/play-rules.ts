import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationContext } from '../../src/ports/context.js';
import type { CertificateRecord } from '../../src/zone/certificate-record.js';
import type { Instant } from '../../src/zone/instant.js';
import type { MemberSet } from '../../src/zone/member-set.js';
import type { Operation, OperationMember } from '../../src/zone/operation.js';
import type { PlayWorld } from './play-world.js';
import { checkHome, type SeenServer } from './zone-fsck.js';

/** What each server serves, by name. */
export type Served = ReadonlyMap<string, SeenServer>;

/** Looks at every server that serves something, with independent eyes; throws what is broken (I-1). */
async function lookAtAll(world: PlayWorld, ctx: OperationContext): Promise<Served> {
  const seen = new Map<string, SeenServer>();
  for (const { name } of await ctx.store.members()) {
    const home = join(world.zoneHome, 'servers', name);
    if (!existsSync(join(home, 'security/live/server.cer'))) continue;
    seen.set(name, checkHome(home, new Date(world.now * 1000)));
  }
  return seen;
}

/** Everything that must hold after every step, whatever came before. Throws the first that does not. */
export async function judgeWorld(world: PlayWorld, ctx: OperationContext): Promise<Served> {
  const damage = await ctx.store.damage();
  if (damage.length > 0) throw new Error(`damage: ${damage.join('; ')}`);
  const seen = await lookAtAll(world, ctx);
  await judgeLinks(world, ctx, seen);
  await judgeKeys(ctx);
  await judgeRoots(world, ctx, seen);
  return seen;
}

/** The database and the links agree, wherever a home can be written (I-2, I-11). */
async function judgeLinks(world: PlayWorld, ctx: OperationContext, seen: Served): Promise<void> {
  for (const { id, name, kind } of await ctx.store.members()) {
    const live = (await ctx.store.sets(id)).filter((set) => set.state === 'live');
    if (live.length > 1) throw new Error(`${name} has ${live.length} live sets`);
    const [set] = live;
    // A server that never served may point to its first set before its reload has worked.
    const unjudged = world.brokenHomes.has(name) || kind === 'mobile';
    if (set === undefined || unjudged) continue;
    judgeLink(name, set, seen.get(name));
  }
}

function judgeLink(name: string, set: MemberSet, served: SeenServer | undefined): void {
  if (served?.live !== `generations/${set.number}`)
    throw new Error(`${name}: live is ${served?.live ?? 'none'}, recorded is ${set.number}`);
  if (served.leaf !== set.leaf)
    throw new Error(`${name}: set ${set.number} holds another leaf than is recorded`);
}

/** No key serves two servers, none is used again without being asked for (I-5); serials are unique (I-7). */
async function judgeKeys(ctx: OperationContext): Promise<void> {
  const serials = new Set<string>();
  const owners = new Map<string, CertificateRecord[]>();
  for (const record of await ctx.store.certificates({})) {
    const { key, serial } = await factsOf(ctx, record.fingerprint);
    const issued = `${record.issuerGeneration ?? 'foreign'}/${serial}`;
    if (serials.has(issued)) throw new Error(`serial ${issued} was given twice`);
    serials.add(issued);
    if (record.purpose === 'server') owners.set(key, [...(owners.get(key) ?? []), record]);
  }
  for (const records of owners.values()) {
    const [first] = records;
    const names = records.map((record) => record.fingerprint).join();
    if (records.some((record) => record.memberId !== first?.memberId))
      throw new Error(`two servers have one key: ${names}`);
    if (records.filter((record) => record.keyFrom === null).length > 1)
      throw new Error(`a key was used again, and it is not recorded why: ${names}`);
  }
}

interface Facts {
  readonly key: string;
  readonly serial: string;
}

/** Thousands of looks at the same certificates: each is parsed once. */
const parsed = new Map<string, Facts>();

async function factsOf(ctx: OperationContext, fingerprint: string): Promise<Facts> {
  const known = parsed.get(fingerprint);
  if (known !== undefined) return known;
  const [der] = await ctx.store.der([fingerprint]);
  const { publicKey, serialNumber } = new X509Certificate(Buffer.from(der ?? []));
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const facts = { key, serial: serialNumber };
  parsed.set(fingerprint, facts);
  return facts;
}

/** Nobody serves under a root that is not published (I-14); roots that left are nowhere any more (I-15). */
async function judgeRoots(world: PlayWorld, ctx: OperationContext, seen: Served): Promise<void> {
  const bundle = readFileSync(join(world.zoneHome, 'truststore/cacerts.pem'), 'latin1');
  const roots = (bundle.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/gu) ?? []).map(
    (block) => new X509Certificate(block),
  );
  const authorities = await ctx.store.authorities();
  const gone = new Set(
    authorities
      .filter((one) => one.state === 'retired' || one.state === 'cancelled')
      .map((one) => one.certificate),
  );
  const stale = roots.find((root) => gone.has(print(root)));
  if (stale !== undefined) throw new Error(`the root ${stale.subject} is trusted still`);
  const excused = await namesLeftBehind(ctx);
  for (const [name, server] of seen) {
    if (excused.has(name)) continue;
    const [der] = await ctx.store.der([server.leaf]);
    const leaf = new X509Certificate(Buffer.from(der ?? []));
    if (!roots.some((root) => leaf.verify(root.publicKey)))
      throw new Error(`${name} serves under a root that is not published`);
    const old = server.trust.find((root) => gone.has(root));
    if (old !== undefined) throw new Error(`${name} trusts the root ${old} that left the zone`);
  }
}

/** Compromised: the old trust goes first, and who cannot follow (or was waived) is told so. */
async function namesLeftBehind(ctx: OperationContext): Promise<ReadonlySet<string>> {
  const operations = (await ctx.store.operations()).filter((one) => one.compromised);
  const names = new Map((await ctx.store.members()).map((member) => [member.id, member.name]));
  const left = new Set<string>();
  for (const operation of operations) {
    for (const part of await ctx.store.operationMembers(operation.id)) {
      if (part.evidence === null) left.add(names.get(part.memberId) ?? '');
    }
  }
  return left;
}

/** What a run of `ssl resume` is judged by. */
export interface Before {
  readonly seen: Served;
  /** `operation/member` of all parts that a person rolled back, or that were being switched. */
  readonly held: ReadonlySet<string>;
  readonly begun: ReadonlySet<string>;
}

export async function lookBefore(world: PlayWorld, ctx: OperationContext): Promise<Before> {
  const parts: OperationMember[] = [];
  for (const { id } of await ctx.store.operations())
    parts.push(...(await ctx.store.operationMembers(id)));
  const names = (chosen: readonly OperationMember[]): ReadonlySet<string> =>
    new Set(chosen.map(nameOf));
  return {
    seen: await lookAtAll(world, ctx),
    held: names(parts.filter((part) => part.held)),
    begun: names(parts.filter((part) => part.target !== null && part.target === part.futureSet)),
  };
}

function nameOf(part: OperationMember): string {
  return `${part.operationId}/${part.memberId}`;
}

/**
 * Cron switches no server before its instant unless a person had begun that, and none that a person
 * holds back (I-12).
 */
export async function judgeResume(
  ctx: OperationContext,
  before: Before,
  after: Served,
): Promise<void> {
  for (const [name, { leaf }] of after) {
    const earlier = before.seen.get(name)?.leaf;
    if (earlier === undefined || earlier === leaf) continue;
    const found = await operationOf(ctx, leaf);
    if (found === undefined) continue;
    const part = nameOf(found.part);
    if (isEarly(found.operation, ctx.clock.now()) && !before.begun.has(part))
      throw new Error(`${name} was activated before its instant`);
    if (before.held.has(part)) throw new Error(`${name} was held back and cron activated it`);
  }
}

/** At the last safe moment nothing waits for its instant any more. */
function isEarly({ activation, deadline }: Operation, now: Instant): boolean {
  const safe = deadline === null || deadline > now;
  return safe && activation.when === 'at' && activation.instant > now;
}

async function operationOf(
  ctx: OperationContext,
  leaf: string,
): Promise<{ readonly operation: Operation; readonly part: OperationMember } | undefined> {
  for (const operation of await ctx.store.operations()) {
    const parts = await ctx.store.operationMembers(operation.id);
    const part = parts.find((one) => one.futureCertificate === leaf);
    if (part !== undefined) return { operation, part };
  }
  return undefined;
}

function print(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
