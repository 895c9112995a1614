import { renderDaysLeft } from './certificate-life.js';
import type { Instant } from './instant.js';
import type { BackupStanding } from './judge-backup.js';
import type { VerifiedBackup } from './verified-backup.js';

/** What is known of the last verified backup. */
interface KnownBackup {
  readonly standing: BackupStanding;
  readonly last: VerifiedBackup | null;
  /** The newest CA key lies in a token, so that no backup holds it. */
  readonly isKeyInToken: boolean;
  readonly maxAgeHours: number;
  readonly now: Instant;
}

/** The last verified backup in words, such as `the last verified backup was made 3 hours ago`. */
export function renderBackup(known: KnownBackup): string {
  if (!known.isKeyInToken) return ageWords(known);
  const is = known.last === null ? 'would not be' : 'is not';
  return `${ageWords(known)}; the CA key, which is in a token, ${is} in it`;
}

function ageWords({ standing, last, maxAgeHours, now }: KnownBackup): string {
  if (last === null) return 'there is no verified backup of the zone';
  const made = `the last verified backup was made ${renderAge(last.madeAt, now)}`;
  if (standing === 'without-newest-ca') return `${made}, before the newest CA of the zone`;
  if (standing === 'old') return `${made}, more than ${maxAgeHours} hours`;
  return made;
}

/** `5 minutes ago`, `3 hours ago`, and from two days on as all ends of certificates. */
export function renderAge(at: Instant, now: Instant): string {
  const minutes = Math.max(0, Math.floor((now - at) / 60));
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 120) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : renderDaysLeft(at, now);
}
