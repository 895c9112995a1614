import type { OperationContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { IssuedRole } from '../x509/lint-certificate.js';
import type {
  CertificatePurpose,
  CertificateRecord,
  CertificateState,
} from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import {
  issueCertificate,
  issuedRecord,
  type IssueFacts,
  type Issuer,
  type Subject,
} from './issue-certificate.js';
import { reserveSerials } from './reserve-serials.js';

/** One certificate to be signed. An issuer `root` is the first certificate of the same list. */
export interface Order {
  readonly issuer: Omit<Issuer, 'certificate'> & {
    readonly certificate: Certificate | 'root' | null;
  };
  readonly subject: Subject;
  readonly facts: IssueFacts;
  readonly state: CertificateState;
}

export interface Issued {
  readonly certificate: Certificate;
  readonly record: CertificateRecord;
}

/**
 * Records the serial numbers of all orders in one transaction, then signs them in order (I-8). What
 * comes back is recorded by the caller, together with what it is for.
 */
export async function issueAll(
  ctx: OperationContext,
  orders: readonly Order[],
  now: Instant,
): Promise<readonly Issued[]> {
  const numbered = await reserveSerials(ctx, orders, now);
  const issued: Issued[] = [];
  for (const { order, serial } of numbered) {
    const { certificate: given, ...issuer } = order.issuer;
    const signedBy = given === 'root' ? (issued[0]?.certificate ?? null) : given;
    const certificate = await issueCertificate(
      ctx,
      { ...issuer, certificate: signedBy },
      order.subject,
      { serial, role: roleOf(order.facts.purpose) },
    );
    issued.push({
      certificate,
      record: issuedRecord(ctx, certificate, { ...order.facts, state: order.state }),
    });
  }
  return issued;
}

function roleOf(purpose: CertificatePurpose): IssuedRole {
  if (purpose === 'subordinate') return 'subordinate';
  return purpose === 'client' ? 'client' : 'zone';
}
