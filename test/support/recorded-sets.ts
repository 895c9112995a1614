import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ZoneReader } from '../../src/ports/zone-store.js';
import type { CertificateRequest } from '../../src/zone/certificate-request.js';
import type { Member } from '../../src/zone/member.js';
import type { MemberSet } from '../../src/zone/member-set.js';
import type { Operation, OperationMember } from '../../src/zone/operation.js';
import { checkSet, checkTrustSet } from './zone-fsck.js';
import { withReader } from './zone-state.js';

/** So many files of a set are shown in a remint-repo. */
const SHOWN = 3;

const REQUEST = 'server.csr';

/** `cut`: as the power came back; `recovered`: after `ssl resume`. */
export type Moment = 'cut' | 'recovered';

/**
 * Compares the records of a zone with its folders by eyes of their own: every set that is recorded
 * and not given up is whole and holds what was recorded; `live` points to the set that is recorded
 * as live or, before recovery, to a target that was recorded; remint-repos hold nothing but the set
 * and the request that wait, once all is settled. Throws with the fact that is broken.
 *
 * @param placed - files of persons or imports may lie in remint-repos too
 */
export async function checkRecorded(
  zoneHome: string,
  now: number,
  moment: Moment,
  placed = false,
): Promise<void> {
  await withReader(zoneHome, async (reader) => {
    const records = await readRecords(reader);
    for (const member of await reader.members()) {
      const home = member.home ?? (member.dnsName && join(zoneHome, 'servers', member.name));
      if (home === null || home === '') continue;
      const own = recordsOf(records, member);
      for (const set of own.sets) if (isToBeThere(own, set)) checkFolder(home, set, now);
      checkLink(home, own, moment);
      if (moment === 'cut') continue;
      checkGone(home, own);
      checkRequest(home, own);
      if (!placed) checkRepo(home, own);
    }
  });
}

interface Records {
  readonly sets: readonly MemberSet[];
  /** Operations that have not ended. */
  readonly operations: readonly Operation[];
  readonly parts: readonly OperationMember[];
  /** Ids of operations that were cancelled. */
  readonly cancelled: readonly string[];
  readonly requests: readonly CertificateRequest[];
}

async function readRecords(reader: ZoneReader): Promise<Records> {
  const all = await reader.operations();
  const operations = all.filter(({ phase }) => phase !== 'done' && phase !== 'cancelled');
  const parts = await Promise.all(operations.map(({ id }) => reader.operationMembers(id)));
  const cancelled = all.filter(({ phase }) => phase === 'cancelled').map(({ id }) => id);
  const requests = await reader.requests();
  return { sets: await reader.sets(), operations, parts: parts.flat(), cancelled, requests };
}

function recordsOf(records: Records, member: Member): Records {
  const { sets, parts } = records;
  return {
    ...records,
    sets: sets.filter((set) => set.memberId === member.id),
    parts: parts.filter((part) => part.memberId === member.id),
    requests: records.requests.filter((request) => request.memberId === member.id),
  };
}

/** A cancel removes the folders of an operation before it records that they are gone. */
function isToBeThere({ operations, parts }: Records, set: MemberSet): boolean {
  const operation = operations.find(({ id }) => id === set.operationId);
  const part = parts.find(({ operationId }) => operationId === set.operationId);
  const goes = set.state !== 'live' || part?.previousSet === null;
  if (operation?.phase === 'cancelling' && goes) return false;
  return set.state === 'ready' || set.state === 'previous' || set.state === 'live';
}

/** What was cancelled is not there any more, with its keys. */
function checkGone(home: string, { sets, cancelled }: Records): void {
  for (const { number, state, operationId } of sets) {
    const folder = join(home, 'security/generations', String(number));
    if (state === 'discarded' && cancelled.includes(operationId ?? '') && existsSync(folder))
      throw new Error(`${folder} was cancelled and is there`);
  }
}

function checkFolder(home: string, set: MemberSet, now: number): void {
  const folder = join(home, 'security/generations', String(set.number));
  const found =
    set.leaf === null
      ? { leaf: null, chain: [], trust: checkTrustSet(folder) }
      : checkSet(folder, new Date(now * 1000));
  const { leaf, chain, trust } = set;
  const expected = JSON.stringify([leaf, chain, trust]);
  if (JSON.stringify([found.leaf, found.chain, found.trust]) !== expected)
    throw new Error(`${folder} (${set.state}) does not hold what was recorded`);
}

function checkLink(home: string, { sets, parts }: Records, moment: Moment): void {
  const path = join(home, 'security/live');
  const target = existsSync(path) ? readlinkSync(path) : undefined;
  const live = sets.find((set) => set.state === 'live')?.number;
  const aims = moment === 'recovered' ? [] : parts.map((part) => part.target);
  const first = moment === 'recovered' ? [] : sets.filter((set) => set.purpose === 'first');
  const allowed = [live, ...aims, ...first.map((set) => set.number)];
  const names = allowed.map((number) => (number == null ? undefined : `generations/${number}`));
  if (names.includes(target)) return;
  throw new Error(`${path} points to ${target ?? 'nothing'}, recorded: ${names.join(' or ')}`);
}

/** A request in a remint-repo is one whose key waits. */
function checkRequest(home: string, { requests }: Records): void {
  const path = join(home, 'remint-repo', REQUEST);
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const own = requests.find(({ csr }) => csr === text);
  if (own?.state !== 'csr-generated' && own?.state !== 'superseded')
    throw new Error(`${path} is no request that waits`);
}

function checkRepo(home: string, records: Records): void {
  const repo = join(home, 'remint-repo');
  if (!existsSync(repo)) return;
  const names = readdirSync(repo).filter((one) => !one.startsWith('.new-') && one !== REQUEST);
  const waiting = findWaiting(records);
  if (waiting === undefined) {
    if (names.length > 0) throw new Error(`${repo} holds ${names.join(', ')}, but nothing waits`);
    return;
  }
  if (waiting.shown && names.length !== SHOWN)
    throw new Error(`${repo} shows ${names.join(', ') || 'nothing'} of the set that waits`);
  const set = join(home, 'security/generations', String(waiting.set));
  for (const name of names) requireSame(join(repo, name), join(set, name));
}

/** The set that a member waits for, and whether it must be seen in the repo. */
function findWaiting(
  records: Records,
): { readonly set: number | null; readonly shown: boolean } | undefined {
  const open = records.parts.find((part) => part.evidence === null && part.futureSet !== null);
  const phase = records.operations.find(({ id }) => id === open?.operationId)?.phase;
  if (open === undefined || phase === undefined || phase === 'retiring') return undefined;
  return { set: open.futureSet, shown: phase === 'armed' && open.planned !== null };
}

function requireSame(path: string, own: string): void {
  if (!existsSync(own) || !readFileSync(own).equals(readFileSync(path)))
    throw new Error(`${path} is not a part of the set that waits`);
}
