import { constructedTag, TAG } from '../encoding/der-tag.js';
import {
  writeBits,
  writeDer,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../encoding/der-writer.js';
import {
  caExtensions,
  endEntityExtensions,
  type CertificateContent,
} from './certificate-content.js';

/** What a request asks a CA to certify. */
export type CertificationRequestContent = Pick<
  CertificateContent,
  'subject' | 'spki' | 'dnsNames' | 'ipAddresses' | 'extendedKeyUsage'
>;

const VERSION_1 = Uint8Array.of(0);
/** extensionRequest, RFC 2985 §5.4.2. */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/**
 * The CertificationRequestInfo, version 1 (RFC 2986 §4.1): subject, key, and the extensions of an end
 * entity as `extensionRequest`. Throws `policy` for a name that a certificate cannot hold,
 * `unreadable` for a public key that is none.
 */
export function encodeCertificationRequestInfo(content: CertificationRequestContent): Uint8Array {
  return encodeInfo(content, endEntityExtensions(content));
}

/** The same for the certificate of a CA: CA true, and the right to sign certificates and CRLs. */
export function encodeAuthorityRequestInfo(
  content: Pick<CertificateContent, 'subject' | 'spki'>,
): Uint8Array {
  return encodeInfo(content, caExtensions());
}

function encodeInfo(
  content: Pick<CertificateContent, 'subject' | 'spki'>,
  wanted: readonly Uint8Array[],
): Uint8Array {
  const extensions = writeSequence(...wanted);
  const attribute = writeSequence(writeOid(EXTENSION_REQUEST), writeDer(TAG.set, extensions));
  return writeSequence(
    writeUnsigned(VERSION_1),
    content.subject.der,
    content.spki,
    writeDer(constructedTag(0), attribute),
  );
}

/** The request of what was signed and the signature over it (RFC 2986 §4.2). */
export function assembleCertificationRequest(
  info: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  return writeSequence(info, signatureAlgorithm, writeBits(signature));
}
