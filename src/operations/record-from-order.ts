import { toHex } from '../encoding/hex.js';
import type { OperationContext } from '../ports/context.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import { ipAddressText } from '../x509/ip-address.js';
import { describePublicKey } from '../x509/public-key.js';
import { ipOctets } from '../x509/subject-alt-name.js';
import type { CertificateRecord, CertificateState } from '../zone/certificate-record.js';
import type { IssueFacts, Subject } from './issue-certificate.js';

/** A certificate and the order that it was made of. */
export interface MadeToOrder {
  readonly der: Uint8Array;
  readonly serial: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: Subject;
  readonly facts: IssueFacts;
  readonly state: CertificateState;
}

/**
 * The row that `issuedRecord` makes of the same certificate, taken from its order without reading
 * the certificate. Throws `policy` for an address that is none.
 */
export function recordFromOrder(
  ctx: Pick<OperationContext, 'digest'>,
  made: MadeToOrder,
): CertificateRecord {
  const { subject, facts } = made;
  return {
    fingerprint: ctx.digest.sha256(made.der),
    purpose: facts.purpose,
    state: made.state,
    memberId: facts.memberId,
    issuerGeneration: facts.issuerGeneration,
    subjectGeneration: facts.subjectGeneration,
    serial: toHex(made.serial).replace(/^(?:00)+/u, ''),
    subject: subject.name.text,
    issuer: made.issuer.text,
    dnsNames: subject.dnsNames,
    ipAddresses: subject.ipAddresses.map(canonicalAddress),
    notBefore: subject.validity.notBefore,
    notAfter: subject.validity.notAfter,
    key: describePublicKey(subject.spki),
    spkiSha256: ctx.digest.sha256(subject.spki),
    keyFrom: facts.keyFrom,
    operationId: facts.operationId,
    recordedAt: facts.at,
  };
}

function canonicalAddress(address: string): string {
  return ipAddressText(ipOctets(address)) ?? address;
}
