import type { Instant, ReadContext, WarningLedger } from '../../src/index.js';

/** When and how the warning is shown. */
export interface ExpiryWarningOptions {
  readonly now: Instant;
  /** Within the 90 days it is shown whenever the command runs. */
  readonly always: boolean;
  ledger(): Promise<WarningLedger>;
  warn(line: string): void;
}

/**
 * Says that the CA of the zone that a command has opened is about to expire: once every 24 hours for
 * each administrator, near the end at every command (`zone.md`, rules of time). A warning that
 * cannot be made never spoils the command: nothing is thrown.
 */
export async function warnExpiry(
  opened: Pick<ReadContext, 'store'>,
  options: ExpiryWarningOptions,
): Promise<void> {
  try {
    const { decideExpiryWarning, readAuthorityEnd } = await import('../../src/index.js');
    const end = await readAuthorityEnd(opened.store);
    if (end === undefined) return;
    const { now, always } = options;
    const question = { ends: end.ends, now, always, lastWarned: undefined };
    if (decideExpiryWarning(question) === undefined) return;
    const ledger = await options.ledger();
    const lastWarned = ledger.lastWarned(end.zoneId);
    const warning = decideExpiryWarning({ ...question, lastWarned });
    if (warning === undefined) return;
    options.warn(warning.line);
    if (warning.daily) ledger.warned(end.zoneId, now);
  } catch {
    // The command has told its own result or error; a damaged zone is its business, not ours.
  }
}
