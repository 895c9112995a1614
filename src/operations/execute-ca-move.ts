import { ZmintError } from '../errors.js';
import { encodePemOctets } from '../encoding/pem-octets.js';
import type { OperationContext } from '../ports/context.js';
import type { CaMove } from '../zone/ca-move.js';
import type { Change } from '../zone/change.js';
import { heldBy, isNeeded, type MovingKey } from '../zone/decide-ca-move.js';
import { keyGeneration, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { CaMovePlan } from './plan-ca-move.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { settleCaMove } from './settle-ca-move.js';
import { authorityKeys, type AuthorityKeys } from './unlock-authority.js';

/** What a move of the CA role did. */
export interface CaMoveReport {
  readonly plan: CaMovePlan;
  /** The generations in whose folders the keys lay that have moved. */
  readonly moved: readonly number[];
  /** Those of retired generations that stay: their key is gone, or locked with another passphrase. */
  readonly stayed: readonly number[];
}

interface Moving {
  readonly plan: CaMovePlan;
  readonly snapshot: ZoneSnapshot;
  readonly keys: AuthorityKeys;
  readonly moving: readonly MovingKey[];
}

/**
 * Moves the CA role: opens every key, records the move, locks each key anew at the new home where it
 * is read back and signs a test, changes the role in one transaction, removes the old copies. Throws
 * `wrong-passphrase`, `question-unanswered`, `not-found`, `damaged` before anything is written, and
 * `storage`; then the role is where it was, and what was written is taken back.
 */
export async function executeCaMove(
  ctx: OperationContext,
  plan: CaMovePlan,
): Promise<CaMoveReport> {
  const snapshot = await readBase(ctx, plan.at);
  const keys = authorityKeys(ctx, snapshot);
  try {
    const moving = await openKeys(plan.keys, keys);
    await settleCaMove(ctx, plan.at);
    if (moving.length > 0) await move(ctx, { plan, snapshot, keys, moving });
    const moved = moving.map(({ generation }) => generation);
    const all = plan.keys.map(({ generation }) => generation);
    return { plan, moved, stayed: all.filter((generation) => !moved.includes(generation)) };
  } finally {
    keys.close();
  }
}

/** All that can move. A retired key may be gone, or locked as the CA was at its time. */
async function openKeys(
  all: readonly MovingKey[],
  keys: AuthorityKeys,
): Promise<readonly MovingKey[]> {
  // A key in a token goes nowhere: only its generation changes hands.
  const needed = all.filter((key) => key.keyUri !== null || isNeeded(key));
  for (const { authority, keyUri } of needed) if (keyUri === null) await keys.signer(authority);
  const open: MovingKey[] = [];
  for (const key of all) if (needed.includes(key) || (await opens(key, keys))) open.push(key);
  return open;
}

async function opens({ authority }: MovingKey, keys: AuthorityKeys): Promise<boolean> {
  try {
    await keys.signer(authority);
    return true;
  } catch (error) {
    const code = error instanceof ZmintError ? error.code : undefined;
    if (code !== undefined && STAYS.has(code)) return false;
    throw error;
  }
}

const STAYS: ReadonlySet<string> = new Set([
  'wrong-passphrase',
  'question-unanswered',
  'not-found',
]);

async function move(ctx: OperationContext, moving: Moving): Promise<void> {
  const { plan } = moving;
  const record = recordOf(ctx, moving);
  const details = {
    from: plan.from.path,
    to: plan.to.path,
    generations: record.generations,
    backupCheck: plan.backupCheck,
  };
  await recordEvent(ctx, { what: 'ca-move-started', at: plan.at, details }, [
    { type: 'put-ca-move', move: record },
  ]);
  await copyOrUndo(ctx, moving);
  await recordEvent(ctx, { what: 'ca-moved', at: plan.at, details }, [
    ...roleChanges(moving),
    { type: 'put-ca-move', move: { ...record, state: 'erasing' } },
  ]);
  await settleCaMove(ctx, plan.at);
}

function recordOf(ctx: OperationContext, { plan, ...moving }: Moving): CaMove {
  return {
    fromMemberId: plan.from.id,
    toMemberId: plan.to.id,
    fromHome: plan.fromHome,
    toHome: plan.toHome,
    state: 'copying',
    generations: leavingAuthorities({ plan, ...moving }).map(({ generation }) => generation),
    startedBy: ctx.actor,
    startedAt: plan.at,
  };
}

/** Every generation of the holder but those whose key stays; cancelled ones too, which signed for nobody. */
function leavingAuthorities({ plan, snapshot, moving }: Moving): ZoneSnapshot['authorities'] {
  const goes = new Set(moving.map(({ generation }) => generation));
  return heldBy(snapshot, plan.from.id).filter(
    (authority) =>
      authority.state === 'cancelled' || goes.has(keyGeneration(snapshot.authorities, authority)),
  );
}

async function copyOrUndo(ctx: OperationContext, moving: Moving): Promise<void> {
  try {
    await copyKeys(ctx, moving);
    await copyCertificates(ctx, moving);
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    await undo(ctx, moving);
    throw error;
  }
}

/** What it was undone for is the error to tell; what is left then is told by `doctor` and removed by `ssl resume`. */
async function undo(ctx: OperationContext, { plan }: Moving): Promise<void> {
  try {
    await settleCaMove(ctx, plan.at);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
  }
}

async function copyKeys(
  ctx: OperationContext,
  { plan, keys, moving, snapshot }: Moving,
): Promise<void> {
  const step = 'move-key';
  const files = moving.filter(({ keyUri }) => keyUri === null);
  ctx.progress.report({ type: 'begin', step, total: files.length });
  for (const [done, { authority, generation }] of files.entries()) {
    const identity = { zoneId: snapshot.zone.id, spkiSha256: authority.spkiSha256 };
    await ctx.vault.copy(
      { home: plan.fromHome, generation },
      { home: plan.toHome, generation },
      identity,
      await keys.unlock(authority),
    );
    ctx.progress.report({ type: 'advance', step, done: done + 1 });
  }
  ctx.progress.report({ type: 'end', step });
}

async function copyCertificates(ctx: OperationContext, moving: Moving): Promise<void> {
  const alive = leavingAuthorities(moving).filter(({ state }) => state !== 'cancelled');
  const ders = await ctx.store.der(alive.map(({ certificate }) => certificate));
  for (const [index, { generation }] of alive.entries()) {
    const pem = encodePemOctets('CERTIFICATE', ders[index] ?? new Uint8Array());
    await ctx.vault.publishCertificate({ home: moving.plan.toHome, generation }, pem);
  }
}

function roleChanges(moving: Moving): readonly Change[] {
  const { id } = moving.plan.to;
  return [
    { type: 'put-zone', zone: { ...moving.snapshot.zone, caMemberId: id } },
    ...leavingAuthorities(moving).map((authority): Change => ({
      type: 'put-authority',
      authority: { ...authority, keyMemberId: id },
    })),
  ];
}
