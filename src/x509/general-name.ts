import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag } from '../encoding/der-fields.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { readAscii } from '../encoding/der-values.js';
import { readDistinguishedName, type DistinguishedName } from './distinguished-name.js';

/** One of the kinds of names of RFC 5280 §4.2.1.6; those that zmint does not interpret keep their bytes. */
export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  | { readonly kind: OpaqueNameKind; readonly der: Uint8Array };

/** otherName, x400Address, ediPartyName and registeredID. */
export type OpaqueNameKind = 'other' | 'x400' | 'edi' | 'oid';

const TEXTS: ReadonlyMap<number, 'email' | 'dns' | 'uri'> = new Map([
  [primitiveTag(1), 'email'],
  [primitiveTag(2), 'dns'],
  [primitiveTag(6), 'uri'],
]);
const OPAQUE: ReadonlyMap<number, OpaqueNameKind> = new Map([
  [constructedTag(0), 'other'],
  [constructedTag(3), 'x400'],
  [constructedTag(5), 'edi'],
  [primitiveTag(8), 'oid'],
]);
const DIRECTORY = constructedTag(4);
const ADDRESS = primitiveTag(7);
const MOST_NAMES = 5000;

/** Reads a GeneralName. Addresses are not judged: what octets fit depends on where they stand. Throws `unreadable`. */
export function readGeneralName(element: DerElement): GeneralName {
  const text = TEXTS.get(element.tag);
  if (text !== undefined) return { kind: text, text: readAscii(element, `a name (${text})`) };
  if (element.tag === ADDRESS) return { kind: 'ip', octets: element.content };
  if (element.tag === DIRECTORY) return { kind: 'directory', name: directoryName(element) };
  const opaque = OPAQUE.get(element.tag);
  if (opaque === undefined) throw derFault(element.offset, 'there is no such kind of name');
  return { kind: opaque, der: element.bytes };
}

/** Reads the elements of GeneralNames, at least one. Throws `unreadable`. */
export function readGeneralNames(
  names: readonly DerElement[],
  at: DerElement,
): readonly GeneralName[] {
  if (names.length === 0) throw derFault(at.offset, 'a list of names is empty');
  if (names.length > MOST_NAMES) throw derFault(at.offset, `there are over ${MOST_NAMES} names`);
  return names.map(readGeneralName);
}

function directoryName(element: DerElement): DistinguishedName {
  const [name, ...others] = childrenOf(element);
  if (name === undefined || others.length > 0) {
    throw derFault(element.offset, 'a directory name holds not one name');
  }
  return readDistinguishedName(expectTag(name, TAG.sequence, 'a directory name'), 'a name');
}
