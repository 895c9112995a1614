import type { GlanceContext } from '../ports/context.js';
import type { MemberWithSets } from '../ports/zone-counts.js';
import type { Authority } from '../zone/authority.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import { authorityRenewal } from '../zone/authority-renewal.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { decideNextStep, type NextStep } from '../zone/decide-next-step.js';
import { DAY, type Instant } from '../zone/instant.js';
import { judgeCrls, type CrlStanding } from '../zone/judge-crls.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { Operation } from '../zone/operation.js';
import { TAKE_AUTHORITY } from '../zone/no-active-authority.js';
import { tokenKeyOf } from '../zone/token-key.js';
import type { Zone } from '../zone/zone.js';
import { findAwaitedAuthority } from './find-awaited-authority.js';
import { observeLinks, type LinkObservation } from './observe-links.js';
import type { OperationStatus, ReadyMembers } from './operation-status.js';
import { readCrlStanding } from './read-crl-standing.js';
import { findBackupStanding, type BackupFacts } from './read-backup-standing.js';
import { groupSets } from './read-snapshot.js';
import { runningOperations } from './running-operations.js';

/** The CA in use, as the database tells it. */
export interface AuthorityStatus {
  readonly authority: Authority;
  readonly certificate: CertificateRecord;
  /** The server that holds its key; null for an external CA. */
  readonly server: Member | null;
  /** Where in a token its key is; null: in a file, or elsewhere. */
  readonly keyUri: string | null;
}

/** Servers by where their certificate stands; the first four add up to `total`. */
export interface ServerCounts {
  readonly total: number;
  readonly active: number;
  readonly expired: number;
  readonly notYetValid: number;
  readonly without: number;
  /** Active ones that end within 30 days. */
  readonly ending: number;
  /** Servers with a certificate that waits for its activation. */
  readonly future: number;
  /** The server whose certificate ends first. */
  readonly soonest: { readonly name: string; readonly ends: Instant } | null;
}

/** The zone at a glance. */
export interface ZoneStatus {
  readonly zone: Zone;
  readonly zoneHome: string;
  readonly now: Instant;
  readonly authority: AuthorityStatus | null;
  /** Generations that wait or leave. */
  readonly others: readonly Authority[];
  /** The CA that waits for its certificate; null: none does. */
  readonly awaited: AuthorityRequest | null;
  readonly servers: ServerCounts;
  /** Null in a zone that never made a CRL. */
  readonly crls: CrlStanding | null;
  readonly devices: number;
  readonly operations: readonly OperationStatus[];
  readonly links: LinkObservation;
  /** The operation that ended last. */
  readonly lastOperation: Operation | null;
  readonly next: NextStep | null;
  /** The last verified backup; null when the settings cannot be read. */
  readonly backup: BackupFacts | null;
}

/** A server certificate that ends within so many days is pointed at. */
const ENDING_DAYS = 30;

/** More links than that are not looked at for a glance, as each costs a walk to its home; `doctor` looks at all. */
const LINKS = 10;
/** So many parts of an operation are read to find those: some belong to members without a folder. */
const SEARCHED_PARTS = 4 * LINKS;

/**
 * Reads the zone at a glance: database rows and some `live` links only; no key, no certificate and no
 * server is opened. Servers are counted by indexes; the rows that are shown are checked. Throws what
 * `ZoneReader` throws.
 */
export async function readStatus(
  ctx: GlanceContext,
  now: Instant,
  ready: ReadyMembers,
): Promise<ZoneStatus> {
  const authorities = await ctx.store.authorities();
  const authority = await authorityStatus(ctx, authorities);
  const ended = await ctx.store.operations(['done', 'cancelled']);
  const operations = await runningOperations(ctx, now, ready);
  const members = await ctx.counts.members();
  const { reachable } = members;
  const links = { reachable, ...(await observeLinks(ctx, await glancedMembers(ctx, operations))) };
  const servers = await countServers(ctx, members.servers, now);
  const awaited = await findAwaitedAuthority(ctx.store);
  const next = decideNextStep({
    now,
    authorityEnds: authority?.certificate.notAfter ?? null,
    renewal: awaited === null ? authorityRenewal(authority?.authority) : TAKE_AUTHORITY,
    awaitsAuthority: awaited !== null,
    operations: operations.map(({ operation, standing, gate, problems }) => ({
      id: operation.id,
      standing,
      missing: gate.totals.missing,
      failed: problems.map(({ member }) => member),
    })),
    unfinished: await ctx.counts.unfinishedSets(),
    differing: links.differences.length,
    expired: servers.expired,
    ending: servers.ending,
    without: servers.without === 0 ? [] : await ctx.counts.without('future'),
  });
  const crls = await readCrlStanding(ctx, now);
  return {
    zone: await ctx.store.zone(),
    zoneHome: ctx.zoneHome,
    now,
    authority,
    others: authorities.filter(({ state }) => state === 'future' || state === 'retiring'),
    awaited,
    servers,
    crls,
    devices: members.devices,
    operations,
    links,
    lastOperation: newest(ended),
    next: next ?? crlStep(crls, now),
    backup: await findBackupStanding(ctx, now),
  };
}

async function authorityStatus(
  ctx: GlanceContext,
  authorities: readonly Authority[],
): Promise<AuthorityStatus | null> {
  const authority = authorities.find(({ state }) => state === 'active');
  const certificate =
    authority === undefined ? undefined : await ctx.store.certificate(authority.certificate);
  if (authority === undefined || certificate === undefined) return null;
  const server = await ctx.counts.member(authority.keyMemberId ?? '');
  const keyUri = tokenKeyOf(await ctx.store.tokenKeys(), authority)?.uri ?? null;
  return { authority, certificate, server: server ?? null, keyUri };
}

/** The members whose links are looked at: those of operations that run first. */
async function glancedMembers(
  ctx: GlanceContext,
  running: readonly OperationStatus[],
): Promise<readonly MemberWithSets[]> {
  const busy = new Map<string, Member>();
  for (const { operation } of running) {
    const page = { after: null, limit: SEARCHED_PARTS };
    const parts = await ctx.store.partsAfter(operation.id, 'in-zone', page);
    const members = await ctx.store.membersById(parts.map(({ memberId }) => memberId));
    const local = members.filter((member) => memberHome(ctx.zoneHome, member) !== null);
    for (const member of local.slice(0, LINKS)) busy.set(member.id, member);
  }
  const first = [...busy.values()].slice(0, LINKS);
  const sets = groupSets(await ctx.store.setsOf(first.map(({ id }) => id)));
  const glanced = first.map((member) => ({ member, sets: sets.get(member.id) ?? [] }));
  if (glanced.length === LINKS) return glanced;
  const others = await ctx.counts.firstMembers(LINKS);
  return [...glanced, ...others.filter(({ member }) => !busy.has(member.id))].slice(0, LINKS);
}

async function countServers(
  ctx: GlanceContext,
  total: number,
  now: Instant,
): Promise<ServerCounts> {
  const lives = await ctx.counts.lives(now, now + ENDING_DAYS * DAY);
  const { current, expired, notYetValid, ending, future } = lives;
  const [first] = await ctx.counts.soonest(1);
  return {
    total,
    active: current - expired - notYetValid,
    expired,
    notYetValid,
    without: total - current,
    ending,
    future,
    soonest:
      first === undefined ? null : { name: first.member.name, ends: first.certificate.notAfter },
  };
}

/** What mends the worst that is wrong with revocation. */
function crlStep(crls: CrlStanding | null, now: Instant): NextStep | null {
  const [worst] = judgeCrls(crls, now);
  return worst === undefined ? null : { command: worst.mend, reason: worst.message };
}

function newest(operations: readonly Operation[]): Operation | null {
  return operations.reduce<Operation | null>(
    (last, one) => (last === null || (one.endedAt ?? 0) >= (last.endedAt ?? 0) ? one : last),
    null,
  );
}
