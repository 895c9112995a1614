import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { ObservedHome } from '../ports/member-homes.js';
import type { Instant } from '../zone/instant.js';
import type { ServedFault, ServedProblem } from '../zone/judge-served.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import { shellWord } from '../zone/shell-word.js';
import { liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { checkSet } from './check-set.js';
import { requireKeystore } from './render-keystore.js';

/**
 * What is wrong with the files that a server reads: `live` is not what is recorded, the set is not
 * complete, another certificate than the recorded one, a key that does not fit, a chain that ends
 * nowhere. Whether the certificate has expired is not judged here.
 */
export async function checkLiveSet(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  member: Member,
): Promise<readonly ServedProblem[]> {
  const home = memberHome(ctx.zoneHome, member);
  const live = liveSet(snapshot, member.id);
  if (home === null) return [];
  if (live === undefined) return [noSet(member)];
  try {
    const observed = await ctx.homes.observe(home);
    if (observed.live !== live.number) {
      const begun = snapshot.sets.get(member.id)?.find((set) => set.number === observed.live);
      return [linkProblem({ member, home, set: live }, observed, begun)];
    }
    await checkStoredSet(ctx, snapshot, { member, home, set: live }, snapshot.now);
    return [];
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return [setProblem(member, error)];
  }
}

/** A set on disk, and where it should be. */
export interface StoredSet {
  readonly member: Member;
  readonly home: string;
  readonly set: MemberSet;
}

/**
 * Reads a server's set back and compares it with its row. The chain is judged at the instant, or
 * where the certificate is not valid then, at the nearest instant at which it is. Throws
 * `unreadable`, `key-mismatch`, `chain-untrusted`, `not-valid-then` (a CA in the chain), `damaged`.
 */
export async function checkStoredSet(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  stored: StoredSet,
  at: Instant,
): Promise<void> {
  const { member, home, set } = stored;
  const where = `generation ${set.number} of ${member.name}`;
  const files = await ctx.homes.readSet(home, set.number);
  if (files === undefined) throw damaged(member, `${where} is missing or not complete`);
  const record = set.leaf === null ? undefined : await recordOf(ctx, snapshot, set);
  if (record === undefined) return;
  const moment = Math.min(Math.max(at, record.notBefore), record.notAfter);
  const { leaf, chain, trust, pkcs8 } = await checkSet(ctx, files, where, moment);
  const sha = ({ der }: { readonly der: Uint8Array }): string => ctx.digest.sha256(der);
  if (sha(leaf) !== set.leaf)
    throw damaged(member, `${where} holds another certificate than is recorded`);
  if (chain.map(sha).join() !== set.chain.join())
    throw damaged(member, `${where} sends other certificates behind its own than are recorded`);
  if (trust.map(sha).join() !== set.trust.join())
    throw damaged(member, `${where} holds other roots than are recorded`);
  const parts = { chain: [leaf, ...chain].map(({ der }) => der), pkcs8 };
  await requireKeystore(ctx, files, parts).catch((error: unknown) => {
    throw keystoreProblem(member, where, error);
  });
}

function recordOf(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  set: MemberSet,
): Promise<{ readonly notBefore: Instant; readonly notAfter: Instant } | undefined> {
  const known = [snapshot.current.get(set.memberId), snapshot.future.get(set.memberId)].find(
    (record) => record?.fingerprint === set.leaf,
  );
  return known === undefined ? ctx.store.certificate(set.leaf ?? '') : Promise.resolve(known);
}

function damaged(member: Member, message: string): ZmintError {
  return new ZmintError('damaged', message, { hint: `zmint ssl remint ${member.name}` });
}

function keystoreProblem(member: Member, where: string, error: unknown): unknown {
  if (!(error instanceof ZmintError) || error.code !== 'damaged') return error;
  return new ZmintError('damaged', `${where}: ${error.message}`, {
    hint: `zmint asr ${member.name} writes it anew`,
    details: { keystore: true },
  });
}

function noSet(member: Member): ServedProblem {
  return {
    fault: 'no-certificate',
    code: 'not-found',
    message: `${member.name} has no certificate yet`,
    mend: `zmint ssl remint ${member.name}`,
  };
}

function linkProblem(
  { member, home, set }: StoredSet,
  observed: ObservedHome,
  begun: MemberSet | undefined,
): ServedProblem {
  const { live, generations } = observed;
  const shown = live === undefined ? 'is not there' : `points to generation ${live}`;
  const link = shellWord(`${home}/security/live`);
  return {
    fault: 'set-damaged',
    code: 'damaged',
    message: `security/live of ${member.name} ${shown}; generation ${set.number} is recorded`,
    mend: mendOf(begun) ?? relink(set, generations, { member, link }),
  };
}

/** A set that was placed and whose end was not recorded: it is finished. */
function mendOf(begun: MemberSet | undefined): string | undefined {
  const isBegun = begun?.purpose === 'placed' && begun.state === 'ready';
  return isBegun ? 'zmint ssl resume' : undefined;
}

function relink(
  { number }: MemberSet,
  generations: readonly number[],
  { member, link }: { readonly member: Member; readonly link: string },
): string {
  return generations.includes(number)
    ? `ln -sfn generations/${number} ${link}, then reload it`
    : `zmint ssl remint ${member.name}`;
}

const FAULTS: Readonly<Record<string, ServedFault>> = {
  'key-mismatch': 'key-mismatch',
  'chain-untrusted': 'trust-missing',
  'not-valid-then': 'expired',
  policy: 'bad-chain',
  unreadable: 'unreadable',
};

function setProblem(member: Member, error: ZmintError): ServedProblem {
  const knows = error.code === 'unsafe-path' || error.details.keystore === true;
  const own = knows ? error.hint : undefined;
  const mend = own ?? (error.code === 'not-valid-then' ? 'zmint ssl remint --ca' : undefined);
  return {
    fault: FAULTS[error.code] ?? 'set-damaged',
    code: error.code,
    message: error.message,
    mend: mend ?? `zmint ssl remint ${member.name}`,
  };
}
