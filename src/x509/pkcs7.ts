import { berChildrenOf, berFieldsOf } from '../encoding/ber.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger } from '../encoding/der-values.js';
import {
  writeDer,
  writeExplicit,
  writeOid,
  writeSequence,
  writeSetOf,
  writeUnsigned,
} from '../encoding/der-writer.js';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const OTHER_CONTENT: ReadonlyMap<string, string> = new Map([
  [DATA, 'data'],
  ['1.2.840.113549.1.7.3', 'an enveloped message'],
  ['1.2.840.113549.1.7.5', 'a digest'],
  ['1.2.840.113549.1.7.6', 'encrypted data'],
  ['1.2.840.113549.1.9.16.1.2', 'an authenticated message'],
]);

/** What lies in the certificates and crls fields of a SignedData; where each was is for messages. */
export interface Pkcs7Content {
  readonly certificates: readonly DerElement[];
  readonly crls: readonly DerElement[];
}

/**
 * The certificates and CRLs of a PKCS#7 ContentInfo with SignedData (RFC 5652 §3, §5.1), in their
 * order, in BER as Windows and Java write it. Its signatures, if there are any, mean nothing here.
 * Throws `unreadable` for other content and for certificates that are not X.509.
 */
export function readPkcs7(contentInfo: DerElement): Pkcs7Content {
  const outer = berFieldsOf(contentInfo, TAG.sequence, 'the PKCS#7');
  const type = outer.next(TAG.oid, 'content type');
  refuseOtherContent(type);
  const wrapper = outer.next(constructedTag(0), 'content');
  outer.end();
  const inside = berFieldsOf(wrapper, constructedTag(0), 'content');
  const signed = inside.next(TAG.sequence, 'signed data');
  inside.end();
  const fields = berFieldsOf(signed, TAG.sequence, 'the signed data');
  readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  fields.next(TAG.set, 'digest algorithms');
  fields.next(TAG.sequence, 'content');
  const certificates = fields.maybe(constructedTag(0));
  const crls = fields.maybe(constructedTag(1));
  fields.next(TAG.set, 'signer infos');
  fields.end();
  return { certificates: sequencesIn(certificates), crls: sequencesIn(crls) };
}

/** A PKCS#7 of certificates and CRLs alone, without signers (RFC 5652 §5, degenerate). */
export function writePkcs7(
  certificates: readonly Uint8Array[],
  crls: readonly Uint8Array[],
): Uint8Array {
  const part = (number: number, elements: readonly Uint8Array[]): readonly Uint8Array[] =>
    elements.length === 0 ? [] : [writeDer(constructedTag(number), ...elements)];
  const signed = writeSequence(
    writeUnsigned(Uint8Array.of(1)),
    writeSetOf(),
    writeSequence(writeOid(DATA)),
    ...part(0, certificates),
    ...part(1, crls),
    writeSetOf(),
  );
  return writeSequence(writeOid(SIGNED_DATA), writeExplicit(0, signed));
}

function refuseOtherContent(type: DerElement): void {
  const oid = readOid(type);
  if (oid === SIGNED_DATA) return;
  const what = OTHER_CONTENT.get(oid) ?? `content of type ${oid}`;
  throw derFault(type.offset, `the PKCS#7 holds ${what} and no certificates`);
}

function sequencesIn(list: DerElement | undefined): readonly DerElement[] {
  if (list === undefined) return [];
  return berChildrenOf(list).map((element) => {
    if (element.tag === TAG.sequence) return element;
    throw derFault(element.offset, 'the PKCS#7 holds a certificate of another kind than X.509');
  });
}
