import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger } from '../encoding/der-values.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';

/**
 * The DER of each certificate in a PKCS#7 ContentInfo with SignedData (RFC 5652 §3, §5.1), in its
 * order. Its signatures, if there are any, mean nothing here. Throws `unreadable` for other content
 * and for certificates that are not X.509.
 */
export function pkcs7Certificates(contentInfo: DerElement): readonly Uint8Array[] {
  const outer = fieldsOf(contentInfo, TAG.sequence, 'the PKCS#7');
  const type = outer.next(TAG.oid, 'content type');
  if (readOid(type) !== SIGNED_DATA) {
    throw derFault(type.offset, 'the PKCS#7 holds something else than certificates');
  }
  const wrapper = fieldsOf(outer.next(constructedTag(0), 'content'), constructedTag(0), 'content');
  outer.end();
  const signed = wrapper.next(TAG.sequence, 'signed data');
  wrapper.end();
  const fields = fieldsOf(signed, TAG.sequence, 'the signed data');
  readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  fields.next(TAG.set, 'digest algorithms');
  fields.next(TAG.sequence, 'content');
  const certificates = fields.maybe(constructedTag(0));
  fields.maybe(constructedTag(1));
  fields.next(TAG.set, 'signer infos');
  fields.end();
  return certificates === undefined ? [] : childrenOf(certificates).map(certificateDer);
}

function certificateDer(element: DerElement): Uint8Array {
  if (element.tag === TAG.sequence) return element.bytes;
  throw derFault(element.offset, 'the PKCS#7 holds a certificate of another kind than X.509');
}
