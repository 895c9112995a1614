import type { DerElement } from '../encoding/der-element.js';
import { fieldsOf } from '../encoding/der-fields.js';
import { TAG } from '../encoding/der-tag.js';
import { readOid } from '../encoding/der-values.js';

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly der: Uint8Array;
  readonly oid: string;
  readonly parameters: DerElement | undefined;
}

/** Reads an AlgorithmIdentifier. Throws `unreadable`. */
export function readAlgorithm(element: DerElement, what: string): AlgorithmIdentifier {
  const fields = fieldsOf(element, TAG.sequence, what);
  const oid = readOid(fields.next(TAG.oid, 'algorithm'));
  const parameters = fields.peek() === undefined ? undefined : fields.any('parameters');
  fields.end();
  return { der: element.bytes, oid, parameters };
}

const SIGNATURE_NAMES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.2.840.113549.1.1.10', 'rsassaPss'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.2.840.10040.4.3', 'dsa-with-sha1'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.3.101.112', 'ed25519'],
  ['1.3.101.113', 'ed448'],
]);

/** The name of a signature algorithm as its RFC writes it (RFC 3279, 4055, 5758, 8410); its OID when it is another. */
export function signatureAlgorithmNameOf(oid: string): string {
  return SIGNATURE_NAMES.get(oid) ?? oid;
}
