import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { TAG } from '../encoding/der-tag.js';
import { readBoolean, readOid } from '../encoding/der-values.js';
import { writeBoolean, writeOctetString, writeOid, writeSequence } from '../encoding/der-writer.js';

/** One extension of a certificate, not interpreted (RFC 5280 §4.2). */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside extnValue. */
  readonly value: Uint8Array;
}

/** An extension together with where its value was found. */
export interface FoundExtension extends Extension {
  readonly octets: DerElement;
}

/**
 * Reads the extensions of a certificate. Throws `unreadable` when there is none, when one comes
 * twice, or when `critical` is written although it is FALSE (X.690 §11.5).
 */
export function readExtensions(element: DerElement): readonly FoundExtension[] {
  const found = childrenOf(expectTag(element, TAG.sequence, 'the extensions')).map(readExtension);
  if (found.length === 0) throw derFault(element.offset, 'the list of extensions is empty');
  const seen = new Set<string>();
  for (const { oid, octets } of found) {
    if (seen.has(oid)) throw derFault(octets.offset, `the extension ${oid} comes twice`);
    seen.add(oid);
  }
  return found;
}

/** One extension in DER. */
export function writeExtension({ oid, critical, value }: Extension): Uint8Array {
  const mark = critical ? [writeBoolean(true)] : [];
  return writeSequence(writeOid(oid), ...mark, writeOctetString(value));
}

function readExtension(element: DerElement): FoundExtension {
  const fields = fieldsOf(element, TAG.sequence, 'an extension');
  const oid = readOid(fields.next(TAG.oid, 'extension id'));
  const mark = fields.maybe(TAG.boolean);
  if (mark !== undefined && !readBoolean(mark)) {
    throw derFault(mark.offset, `the extension ${oid} writes its default, not critical`);
  }
  const octets = fields.next(TAG.octetString, 'extension value');
  fields.end();
  return { oid, critical: mark !== undefined, value: octets.content, octets };
}
