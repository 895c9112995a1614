import { readBerPrefix } from '../encoding/ber.js';
import { childrenOf, readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readOid } from '../encoding/der-values.js';
import type { TrustSettings } from './container.js';

/** The certificate of an OpenSSL TRUSTED CERTIFICATE block, and what is said behind it. */
export interface TrustedCertificate {
  readonly der: Uint8Array;
  readonly trust: TrustSettings | null;
}

/** Splits the block: a certificate, then perhaps X509_CERT_AUX (openssl-x509, "trusted certificates"). Throws `unreadable`. */
export function splitTrusted(der: Uint8Array): TrustedCertificate {
  const certificate = readBerPrefix(der).bytes;
  const rest = der.subarray(certificate.length);
  if (rest.length === 0) return { der: certificate, trust: null };
  const settings = readDer(rest, certificate.length);
  const fields = fieldsOf(settings, TAG.sequence, 'the trust settings');
  const trusted = fields.maybe(TAG.sequence);
  const rejected = fields.maybe(constructedTag(0));
  fields.maybe(TAG.utf8String);
  fields.maybe(TAG.octetString);
  fields.maybe(constructedTag(1));
  fields.end();
  return { der: certificate, trust: { trusted: purposes(trusted), rejected: purposes(rejected) } };
}

function purposes(list: DerElement | undefined): readonly string[] | null {
  if (list === undefined) return null;
  return childrenOf(list).map((one) => readOid(expectTag(one, TAG.oid, 'a purpose')));
}
