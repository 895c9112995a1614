import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from '../x509/certificate.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { nameKey } from '../x509/name-key.js';

/** Whether two names are the same by RFC 5280 §7.1. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return equalBytes(a.der, b.der) || nameKey(a) === nameKey(b);
}

/** Whether subject and issuer are the same name (RFC 5280 §6.1). */
export function isSelfIssued(certificate: Certificate): boolean {
  return sameName(certificate.subject, certificate.issuer);
}

/** Whether both are the same bytes. */
export function sameCertificate(a: Certificate, b: Certificate): boolean {
  return a === b || (a.serial === b.serial && equalBytes(a.der, b.der));
}

/** Same name, same key, same alternative names: a path through both proves nothing new (RFC 4158 §5.2). */
export function sameEntity(a: Certificate, b: Certificate): boolean {
  return (
    equalBytes(a.spki, b.spki) &&
    sameName(a.subject, b.subject) &&
    equalBytes(alternativeNames(a), alternativeNames(b))
  );
}

const NONE = new Uint8Array();

function alternativeNames(certificate: Certificate): Uint8Array {
  const { extensions } = certificate;
  return extensions.find(({ oid }) => oid === EXTENSION.subjectAltName)?.value ?? NONE;
}
