import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { CrlDraft } from '../zone/decide-crls.js';
import { DAY, type Instant } from '../zone/instant.js';
import { isKeyOutOfReach } from './is-key-out-of-reach.js';
import type { FailedMember } from './reload-readers.js';
import type { AuthorityKeys } from './unlock-authority.js';

/**
 * Ends what a run of `ca revoke`, `ca crl` or `ssl retire` has begun: CRLs for revocations that none
 * names yet, then their files. Where the key is out of reach they wait for `ca crl`. Writes
 * nothing when nothing is left. Throws `partial` naming the members that could not be written to, or not be
 * reloaded.
 */
export async function finishCrls(
  ctx: OperationContext,
  keys: AuthorityKeys,
  now: Instant,
): Promise<void> {
  const drafts = await unfinished(ctx, now);
  if (drafts.length > 0) await signIfPossible(ctx, drafts, { keys, now });
  const issuers = await ctx.store.crlIssuers();
  if (!issuers.some(({ crl, published }) => crl !== null && !published)) return;
  const { recordPublished, renderCrls } = await import('./publish-crls.js');
  const { areCrlsUntold } = await import('./are-crls-untold.js');
  const untold = await areCrlsUntold(ctx);
  const published = await renderCrls(ctx, now, { reload: true });
  const [first] = published.failed;
  // Cron comes every minute: what does not change is not recorded each time.
  if (first === undefined || untold) await recordPublished(ctx, published, now);
  if (first !== undefined) throw withoutCrls(published.failed, first);
  const [mute] = published.unreloaded;
  if (mute !== undefined) throw notReloaded(published.unreloaded, mute);
}

function notReloaded(unreloaded: readonly FailedMember[], first: FailedMember): ZmintError {
  const more = unreloaded.length === 1 ? '' : ` and ${unreloaded.length - 1} more`;
  const fact = `${first.member}${more} may go on with the revocation lists from before: ${first.error.message}`;
  return new ZmintError('partial', fact, {
    hint: first.error.hint ?? 'zmint doctor',
    details: { members: unreloaded.map(({ member }) => member) },
  });
}

function withoutCrls(failed: readonly FailedMember[], first: FailedMember): ZmintError {
  const more = failed.length === 1 ? '' : ` and ${failed.length - 1} more`;
  const fact = `${first.member}${more} did not get the revocation lists: ${first.error.message}`;
  return new ZmintError('partial', fact, {
    hint: 'zmint doctor, then zmint ssl resume',
    details: { members: failed.map(({ member }) => member) },
  });
}

async function unfinished(ctx: OperationContext, now: Instant): Promise<readonly CrlDraft[]> {
  const unlisted = await ctx.store.unlistedRevocations();
  if (unlisted.length === 0) return [];
  const issuers = new Set(unlisted.map(({ issuerSpkiSha256 }) => issuerSpkiSha256));
  const { readSettings } = await import('./read-settings.js');
  const { draftCrls } = await import('./draft-crls.js');
  const { days } = (await readSettings(ctx)).crl;
  const drafts = await draftCrls(ctx, now, days * DAY);
  return drafts.filter(({ authority }) => issuers.has(authority.spkiSha256));
}

async function signIfPossible(
  ctx: OperationContext,
  drafts: readonly CrlDraft[],
  by: { readonly keys: AuthorityKeys; readonly now: Instant },
): Promise<void> {
  const { issueCrls } = await import('./issue-crls.js');
  try {
    await issueCrls(ctx, { drafts, ...by });
  } catch (error) {
    if (!isKeyOutOfReach(error)) throw error;
  }
}
