import { equalBytes } from '../encoding/bytes.js';
import type { DerElement } from '../encoding/der-element.js';
import { fieldsOf } from '../encoding/der-fields.js';
import { derFault } from '../encoding/der-fault.js';
import { TAG } from '../encoding/der-tag.js';
import { readOctetAlignedBits } from '../encoding/der-values.js';
import { readDer, type DerRoom } from '../encoding/der.js';
import { readAlgorithm, signatureAlgorithmNameOf } from './algorithm.js';

/** What certificates and CRLs have in common: a signed part, an algorithm, a signature (RFC 5280 §4.1, §5.1). */
export interface SignedStructure {
  /** As received. */
  readonly der: Uint8Array;
  /** The part that is signed, as received. */
  readonly tbs: Uint8Array;
  /** DER of the AlgorithmIdentifier. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureAlgorithmName: string;
  readonly signature: Uint8Array;
}

/** What was read of a signed part: the algorithm that it names itself, and all of it beside the rest. */
export interface SignedPart<Whole extends SignedStructure> {
  readonly inner: Uint8Array;
  /**
   * The whole as one object literal: to spread the one into the other would cost as much as all the
   * reading.
   */
  readonly within: (rest: SignedStructure) => Whole;
}

/**
 * Reads a signed structure in canonical DER with nothing behind it, of 1 MiB unless `room` says otherwise. Throws `unreadable` naming byte
 * and fact, also when the algorithm inside the signed part is another one than beside it.
 */
export function readSigned<Whole extends SignedStructure>(
  der: Uint8Array,
  names: { readonly whole: string; readonly part: string; readonly room?: DerRoom },
  readPart: (tbs: DerElement) => SignedPart<Whole>,
): Whole {
  const fields = fieldsOf(readDer(der, 0, names.room), TAG.sequence, names.whole);
  const tbs = fields.next(TAG.sequence, names.part);
  const algorithm = readAlgorithm(fields.any('signatureAlgorithm'), 'signatureAlgorithm');
  const bits = fields.next(TAG.bitString, 'signature');
  fields.end();
  const { inner, within } = readPart(tbs);
  if (!equalBytes(inner, algorithm.der)) {
    throw derFault(tbs.offset, 'the two signature algorithms differ');
  }
  return within({
    der,
    tbs: tbs.bytes,
    signatureAlgorithm: algorithm.der,
    signatureAlgorithmName: signatureAlgorithmNameOf(algorithm.oid),
    signature: readOctetAlignedBits(bits, 'the signature'),
  });
}
