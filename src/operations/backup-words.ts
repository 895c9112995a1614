import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { Operation } from '../zone/operation.js';
import { renderBackup } from '../zone/render-backup.js';
import { findBackupStanding } from './read-backup-standing.js';

/**
 * How old the last verified backup is, in words, for the plan of a step in an operation on the CA; null
 * for remints of servers, for a zone that holds no key of a CA, and where the settings cannot be read.
 */
export async function backupWords(
  ctx: ReadContext,
  { kind }: Operation,
  now: Instant,
): Promise<string | null> {
  if (kind !== 'ca-remint') return null;
  return lastBackupWords(ctx, now);
}

/** The same, whatever is done with the CA. */
export async function lastBackupWords(ctx: ReadContext, now: Instant): Promise<string | null> {
  const facts = await findBackupStanding(ctx, now);
  return facts === null || facts.standing === 'no-key' ? null : renderBackup(facts);
}
