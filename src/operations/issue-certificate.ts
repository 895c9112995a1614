import { ZmintError } from '../errors.js';
import { fromHex } from '../encoding/hex.js';
import type { OperationContext } from '../ports/context.js';
import type { Signer } from '../ports/keys.js';
import {
  assembleCertificate,
  encodeTbsCertificate,
  type CertificateContent,
} from '../x509/certificate-content.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import type { Extension } from '../x509/extension.js';
import { lintIssued, type IssuedRole } from '../x509/lint-certificate.js';
import { keyIdentifierInput } from '../x509/public-key.js';
import type { CertificatePurpose, CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { Validity } from '../zone/validity.js';

/** id-kp-serverAuth, RFC 5280 §4.2.1.12. */
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** What is to be certified. */
export interface Subject {
  readonly name: DistinguishedName;
  readonly spki: Uint8Array;
  readonly validity: Validity;
  readonly ca: boolean;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  /** What is particular to certificates that are no server's and no zone CA's. */
  readonly more?: Pick<
    CertificateContent,
    'emailAddresses' | 'uris' | 'keyUsage' | 'pathLength' | 'extensions'
  >;
}

/** Who certifies: a key, the name it signs under, and its certificate unless it is being made just now. */
export interface Issuer {
  readonly signer: Signer;
  readonly name: DistinguishedName;
  /** Null: the subject signs itself. */
  readonly certificate: Certificate | null;
  /** What it puts into every certificate but its own root; nothing when it is left out. */
  readonly extensions?: readonly Extension[];
}

export interface IssueFacts {
  readonly purpose: CertificatePurpose;
  readonly memberId: string | null;
  readonly operationId: string | null;
  readonly issuerGeneration: number | null;
  readonly subjectGeneration: number | null;
  readonly keyFrom: string | null;
  readonly at: Instant;
}

/**
 * Signs a certificate whose serial number has been recorded before (I-8), reads it back and lints
 * it (I-7, I-9, I-10). Throws `bug` when zmint's own certificate breaks its own rules: it is then
 * given to nobody.
 */
export async function issueCertificate(
  ctx: OperationContext,
  issuer: Issuer,
  subject: Subject,
  { serial, role = 'zone' }: { readonly serial: Uint8Array; readonly role?: IssuedRole },
): Promise<Certificate> {
  const tbs = encodeTbsCertificate(
    contentOf(ctx, signingIdentity(ctx, issuer), subject, serial),
    issuer.signer.algorithm,
  );
  const signature = await issuer.signer.sign(tbs);
  const certificate = parseCertificate(
    assembleCertificate(tbs, issuer.signer.algorithm, signature),
  );
  const by = issuer.certificate ?? certificate;
  proveIssued(ctx, certificate, by, role);
  return certificate;
}

/** How an issuer is called in what it signs. */
export interface SigningIdentity {
  readonly name: DistinguishedName;
  readonly keyId: Uint8Array;
  readonly extensions: readonly Extension[];
}

/**
 * The name that an issuer signs under and the identifier of its key: the one in its certificate, which
 * a CA above it may have made in its own way (RFC 5280 §4.2.1.1).
 */
export function signingIdentity(
  ctx: Pick<OperationContext, 'digest'>,
  { name, signer, certificate, extensions = [] }: Issuer,
): SigningIdentity {
  const known = certificate?.subjectKeyId ?? null;
  const keyId = known === null ? keyIdentifier(ctx, signer.spki) : fromHex(known);
  return { name, keyId, extensions };
}

/** What the certificate that `issuer` makes for a subject will say. */
export function contentOf(
  ctx: Pick<OperationContext, 'digest'>,
  issuer: SigningIdentity,
  subject: Subject,
  serial: Uint8Array,
): CertificateContent {
  return {
    serial,
    issuer: issuer.name,
    subject: subject.name,
    notBefore: subject.validity.notBefore,
    notAfter: subject.validity.notAfter,
    spki: subject.spki,
    ca: subject.ca,
    dnsNames: subject.dnsNames,
    ipAddresses: subject.ipAddresses,
    extendedKeyUsage: subject.extendedKeyUsage,
    subjectKeyId: keyIdentifier(ctx, subject.spki),
    authorityKeyId: issuer.keyId,
    ...subject.more,
    extensions: [...(subject.more?.extensions ?? []), ...issuer.extensions],
  };
}

/**
 * Proves a certificate that zmint has made: it breaks no rule (I-7, I-9, I-10) and its signature
 * verifies with the key of `issuer`, which is the certificate itself for a root. Throws `bug`.
 */
export function proveIssued(
  ctx: Pick<OperationContext, 'keys'>,
  certificate: Certificate,
  issuer: Certificate,
  role: IssuedRole = 'zone',
): void {
  const problems = [...lintIssued(certificate, issuer, role)];
  const { signatureAlgorithm, tbs, signature } = certificate;
  if (!ctx.keys.verify(issuer.spki, signatureAlgorithm, tbs, signature)) {
    problems.push('its signature does not verify');
  }
  if (problems.length === 0) return;
  throw new ZmintError(
    'bug',
    `the certificate for ${certificate.subject.text} would break the rules: ${problems.join('; ')}`,
    {
      details: { problems },
    },
  );
}

/** The row of an issued certificate. */
export function issuedRecord(
  ctx: OperationContext,
  certificate: Certificate,
  facts: IssueFacts & { readonly state: CertificateRecord['state'] },
): CertificateRecord {
  return {
    fingerprint: ctx.digest.sha256(certificate.der),
    purpose: facts.purpose,
    state: facts.state,
    memberId: facts.memberId,
    issuerGeneration: facts.issuerGeneration,
    subjectGeneration: facts.subjectGeneration,
    serial: certificate.serial,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    dnsNames: certificate.dnsNames,
    ipAddresses: certificate.ipAddresses,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    key: certificate.key,
    spkiSha256: ctx.digest.sha256(certificate.spki),
    keyFrom: facts.keyFrom,
    operationId: facts.operationId,
    recordedAt: facts.at,
  };
}

/** RFC 7093 §2, method 1: the leftmost 160 bits of the SHA-256 of the public key's bits. */
function keyIdentifier(ctx: Pick<OperationContext, 'digest'>, spki: Uint8Array): Uint8Array {
  return fromHex(ctx.digest.sha256(keyIdentifierInput(spki)).slice(0, 40));
}
