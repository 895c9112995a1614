import { HOUR, type Instant } from './instant.js';
import type { VerifiedBackup } from './verified-backup.js';

/** How far the last verified backup goes. `no-key`: the zone holds no key of a CA that could be lost. */
export type BackupStanding = 'fresh' | 'missing' | 'old' | 'without-newest-ca' | 'no-key';

/** What a zone knows of its backups. */
export interface BackupQuestion {
  /** The one that was made last; null: there is none. */
  readonly last: VerifiedBackup | null;
  /** The newest generation of the CA whose key the zone holds (`newestKey`); null: it holds none. */
  readonly generation: number | null;
  readonly maxAgeHours: number;
  readonly now: Instant;
}

/**
 * Whether the last verified backup holds every CA key of the zone and is young enough. One whose
 * instant lies ahead, as after a step of the clock, counts as young.
 */
export function judgeBackup(question: BackupQuestion): BackupStanding {
  const { last, generation, maxAgeHours, now } = question;
  if (generation === null) return 'no-key';
  if (last === null) return 'missing';
  if (last.generation < generation) return 'without-newest-ca';
  return now - last.madeAt <= maxAgeHours * HOUR ? 'fresh' : 'old';
}
