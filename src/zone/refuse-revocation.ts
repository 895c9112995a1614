import { ZmintError } from '../errors.js';
import { isSubordinate, type Authority } from './authority.js';
import { authorityReplacement } from './authority-renewal.js';
import type { CertificateRecord } from './certificate-record.js';
import { renderInstant, type Instant } from './instant.js';
import type { RevocationReason } from './revocation-reason.js';

/** A certificate that is to be revoked, and why. */
export interface RevocationQuestion {
  readonly record: CertificateRecord;
  /** The generation that issued it; undefined: it came from elsewhere. */
  readonly issuer: Authority | undefined;
  /** The generation in use; undefined: there is none yet. */
  readonly active: Authority | undefined;
  readonly reason: RevocationReason;
  readonly invalidityDate: Instant | null;
  readonly now: Instant;
}

/**
 * Throws `policy` for a certificate of a CA of the zone, of an external CA, or a reason or date that
 * does not fit; `not-valid-then` for one that has ended, `operation-pending` for one that waits for
 * its activation.
 */
export function refuseRevocation(question: RevocationQuestion): void {
  const { record, issuer, active, now } = question;
  if (record.purpose === 'ca' || record.purpose === 'cross') throw ofAuthority(record, active);
  if (issuer?.kind !== 'internal') throw ofOthers(record);
  if (record.notAfter < now) throw ended(record);
  if (record.state === 'future') throw waiting(record);
  refuseReason(question);
}

function refuseReason({ record, reason, invalidityDate, now }: RevocationQuestion): void {
  if (reason === 'ca-compromise' && record.purpose !== 'subordinate') {
    throw new ZmintError(
      'policy',
      `${record.subject} is no CA: its key cannot be a compromised CA`,
      {
        hint: '--reason key-compromise',
      },
    );
  }
  if (invalidityDate === null || invalidityDate <= now) return;
  throw new ZmintError(
    'policy',
    `the invalidity date ${renderInstant(invalidityDate)} is still to come`,
    {
      hint: 'give the time from which the key cannot be relied on',
    },
  );
}

function ofAuthority(
  { subject, issuer }: CertificateRecord,
  active: Authority | undefined,
): ZmintError {
  const replace = authorityReplacement(active);
  const above = active?.kind === 'internal' && isSubordinate(active);
  return new ZmintError('policy', `${subject} is the CA itself: its own CRL cannot take it back`, {
    hint: above ? `${replace}, and have ${issuer} revoke it` : replace,
  });
}

function ofOthers({ subject, issuer }: CertificateRecord): ZmintError {
  return new ZmintError(
    'policy',
    `${subject} was issued by ${issuer}: only that CA can revoke it`,
    {
      hint: 'ask that CA, then import its next certificate: zmint ssl import',
    },
  );
}

function ended({ subject, notAfter }: CertificateRecord): ZmintError {
  return new ZmintError(
    'not-valid-then',
    `${subject} has ended ${renderInstant(notAfter)}: nobody accepts it any more`,
    { hint: 'zmint ssl list' },
  );
}

function waiting({ subject, operationId }: CertificateRecord): ZmintError {
  return new ZmintError(
    'operation-pending',
    `${subject} waits for its activation by ${operationId ?? 'an operation'}: nobody has seen it`,
    { hint: 'zmint ssl cancel' },
  );
}
