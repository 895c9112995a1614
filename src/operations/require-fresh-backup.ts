import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { renderBackup } from '../zone/render-backup.js';
import { readBackupStanding } from './read-backup-standing.js';

/**
 * Throws `policy` unless the last verified backup holds every CA key of the zone and is younger than
 * the setting `backup.maxAgeHours`. A zone that holds no key of a CA has none to lose and needs none.
 */
export async function requireFreshBackup(
  ctx: Pick<ReadContext, 'store' | 'folder' | 'zoneHome'>,
  now: Instant,
): Promise<void> {
  const facts = await readBackupStanding(ctx, now);
  const { standing, last, maxAgeHours } = facts;
  if (standing === 'fresh' || standing === 'no-key') return;
  const wanted = `the CA is changed only with a verified backup of the last ${maxAgeHours} hours`;
  throw new ZmintError('policy', `${wanted}: ${renderBackup(facts)}`, {
    hint: 'zmint ca backup FILE',
    details: { standing, madeAt: last?.madeAt ?? null, maxAgeHours },
  });
}
