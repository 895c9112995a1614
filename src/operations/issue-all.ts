import type { OperationContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateRecord, CertificateState } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import {
  freshSerial,
  issueCertificate,
  issuedRecord,
  reservation,
  type IssueFacts,
  type Issuer,
  type Subject,
} from './issue-certificate.js';
import { recordEvent } from './record-event.js';

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
  const numbered = orders.map((order) => ({ order, serial: freshSerial(ctx) }));
  const [first] = orders;
  await recordEvent(
    ctx,
    {
      what: 'serials-reserved',
      at: now,
      operationId: first?.facts.operationId ?? null,
      details: { count: orders.length },
    },
    [
      {
        type: 'reserve-serials',
        serials: numbered.map(({ order, serial }) =>
          reservation(ctx, { ...order.issuer, certificate: null }, serial, order.facts),
        ),
      },
    ],
  );
  const issued: Issued[] = [];
  for (const { order, serial } of numbered) {
    const { certificate: given, ...issuer } = order.issuer;
    const signedBy = given === 'root' ? (issued[0]?.certificate ?? null) : given;
    const certificate = await issueCertificate(
      ctx,
      { ...issuer, certificate: signedBy },
      order.subject,
      serial,
    );
    issued.push({
      certificate,
      record: issuedRecord(ctx, certificate, { ...order.facts, state: order.state }),
    });
  }
  return issued;
}
