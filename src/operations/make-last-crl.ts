import type { OperationContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import type { CrlDraft } from '../zone/decide-crls.js';
import type { Instant } from '../zone/instant.js';
import { keyGeneration } from '../zone/zone-snapshot.js';
import { isKeyOutOfReach } from './is-key-out-of-reach.js';
import { issueCrls } from './issue-crls.js';
import type { OperationRun } from './operation-run.js';
import { layCrls, recordPublished, type LaidCrls } from './publish-crls.js';
import { reloadReaders } from './reload-readers.js';
import { authorityKeys } from './unlock-authority.js';

/**
 * The last CRL of the generation that an operation retires: it holds until the last certificate of
 * that generation ends, so that its key is not needed again. Nothing is done in a zone that makes no
 * CRLs, when the key goes on with the next generation, when the last one is there already, or when
 * nobody can give the passphrase, or the token is not there: then `ca crl` makes it later. Throws `wrong-passphrase`.
 *
 * Its files are written, but nobody is told and nothing recorded as published: the servers are
 * reloaded for their narrowed sets next, and `tellOthers` does the rest. Null: nothing is left to do.
 */
export async function makeLastCrl(
  ctx: OperationContext,
  run: OperationRun,
): Promise<LaidCrls | null> {
  const draft = await lastDraft(ctx, run);
  if (draft === undefined) return null;
  const keys = authorityKeys(ctx, run.snapshot);
  try {
    await issueCrls(ctx, { drafts: [draft], keys, now: run.now });
  } catch (error) {
    if (isKeyOutOfReach(error)) return null;
    throw error;
  } finally {
    keys.close();
  }
  return layCrls(ctx, run.now, { reload: true });
}

/**
 * Reloads the servers that have not been since the lists were laid, and records these as published. A
 * command that several servers name is left out when all of them have been.
 *
 * @param reloaded - ids of members
 */
export async function tellOthers(
  ctx: OperationContext,
  { readers, ...laid }: LaidCrls,
  reloaded: ReadonlySet<string>,
  now: Instant,
): Promise<void> {
  const others = [...readers].flatMap(([command, servers]) => {
    const left = servers.filter(({ id }) => !reloaded.has(id));
    return left.length === 0 ? [] : [[command, left] as const];
  });
  const told = await reloadReaders(ctx, new Map(others));
  const all = [...readers.values()].reduce((sum, servers) => sum + servers.length, 0);
  const counted = { ...told, reloaded: all - told.unreloaded.length };
  await recordPublished(ctx, { ...laid, ...counted }, now);
}

async function lastDraft(
  ctx: OperationContext,
  { operation, snapshot, now }: OperationRun,
): Promise<CrlDraft | undefined> {
  const { authorities } = snapshot;
  const old = authorities.find(({ generation }) => generation === operation.previousGeneration);
  if (old?.kind !== 'internal' || operation.keepKey) return undefined;
  const end = await ctx.store.lastEndOf(old.generation);
  if (end === null || end < now || !(await isMissing(ctx, old, end))) return undefined;
  const generation = keyGeneration(authorities, old);
  return { authority: old, generation, nextUpdate: end, last: true };
}

/** Whether the zone makes CRLs, and the newest one of this generation does not hold until its end. */
async function isMissing(
  ctx: OperationContext,
  { spkiSha256 }: Authority,
  end: Instant,
): Promise<boolean> {
  const issuers = await ctx.store.crlIssuers();
  if (!issuers.some(({ crl }) => crl !== null)) return false;
  const newest = issuers.find((one) => one.issuerSpkiSha256 === spkiSha256)?.crl;
  if ((newest?.nextUpdate ?? 0) < end) return true;
  const unlisted = await ctx.store.unlistedRevocations();
  return unlisted.some((one) => one.issuerSpkiSha256 === spkiSha256);
}
