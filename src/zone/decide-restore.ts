import { ZmintError } from '../errors.js';
import type { AuditEvent } from './audit-event.js';

/** How the zone that is there and the one in a backup stand to each other, by their audit logs. */
export type Lineage = 'no-zone' | 'same' | 'older' | 'diverged' | 'unknown' | 'restored';

/** The zone that is there, as far as its log tells. */
export interface PresentZone {
  readonly id: string;
  /** Its newest event. */
  readonly head: Pick<AuditEvent, 'sequence' | 'hash'>;
  /** Its event with the sequence of the backup's head; undefined: its log is shorter. */
  readonly atBackup: Pick<AuditEvent, 'hash'> | undefined;
  /** The backup's event with the sequence of its own head; undefined: the backup's log is shorter. */
  readonly inBackup: Pick<AuditEvent, 'hash'> | undefined;
  /** Its events behind the backup's head, as many as have been read. */
  readonly after: readonly Pick<AuditEvent, 'what' | 'details'>[];
}

/** A backup that is to be restored. */
export interface RestoredBackup {
  readonly zoneId: string;
  readonly sha256: string;
  readonly head: Pick<AuditEvent, 'sequence' | 'hash'>;
  /** The name of the server that is to get the CA role; null: none. */
  readonly server: string | null;
}

/** The event that a verified backup leaves in the log. */
export const BACKUP_VERIFIED = 'backup-verified';
/** The event that a restore leaves in the log. */
export const ZONE_RESTORED = 'zone-restored';
/** Events that change nothing that a backup holds. */
const HARMLESS = new Set([BACKUP_VERIFIED]);

/**
 * Compares the logs. `restored`: the zone is what this very backup was restored to, and nothing has
 * happened since. Throws `policy` for a zone with another id, which is never replaced.
 */
export function judgeLineage(present: PresentZone, backup: RestoredBackup): Lineage {
  if (present.id !== backup.zoneId) {
    throw new ZmintError('policy', 'the backup is of another zone than the one in the zone home', {
      hint: 'name another zone home with --zone DIR',
      details: { zoneId: present.id, backupZoneId: backup.zoneId },
    });
  }
  const { head, atBackup, inBackup } = present;
  if (head.sequence < backup.head.sequence)
    return inBackup?.hash === head.hash ? 'same' : 'diverged';
  if (atBackup?.hash !== backup.head.hash) return 'diverged';
  return judgeAfter(present, backup);
}

function judgeAfter({ after }: PresentZone, backup: RestoredBackup): Lineage {
  const happened = after.filter(({ what }) => !HARMLESS.has(what));
  const [first, second] = happened;
  if (first === undefined) return 'same';
  if (first.what !== ZONE_RESTORED || first.details.sha256 !== backup.sha256) return 'older';
  if (second !== undefined) return 'older';
  return first.details.server === backup.server ? 'restored' : 'same';
}

/** Throws `policy` for a backup that would undo something, unless that is accepted by name. */
export function refuseOlder(lineage: Lineage, acceptOlder: boolean): void {
  const fact = OLDER[lineage];
  if (fact === undefined || acceptOlder) return;
  throw new ZmintError('policy', fact, {
    hint: 'add --accept-older: the zone of now is set aside whole, and no serial number comes again',
    details: { lineage },
  });
}

const OLDER: Partial<Record<Lineage, string>> = {
  older: 'the zone has changed since the backup was made',
  diverged: 'the zone and the backup have gone different ways since they were one',
  unknown:
    'the zone that is there cannot be read, so that nobody can say whether the backup is older',
};
