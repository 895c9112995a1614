import { berChildrenOf, berFieldsOf, berOctets, readBer } from '../encoding/ber.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { readAttributeValue } from './attribute-value.js';
import type { EncryptionMethod } from './encryption-method.js';
import { readMac, type Pkcs12Mac } from './pkcs12-mac.js';
import { readEncryptionMethod } from './read-encryption-method.js';

/** The outer shell of a PKCS#12 file (RFC 7292 §4). */
export interface Pfx {
  /** AuthenticatedSafe, the octets over which the MAC is made. */
  readonly authenticatedSafe: Uint8Array;
  readonly mac: Pkcs12Mac | null;
}

/** A part of an AuthenticatedSafe: SafeContents, in clear or encrypted. */
export type SafePart =
  | { readonly kind: 'clear'; readonly contents: Uint8Array }
  | { readonly kind: 'encrypted'; readonly method: EncryptionMethod; readonly data: Uint8Array };

/** One bag (RFC 7292 §4.2). */
export interface SafeBag {
  readonly content:
    | { readonly kind: 'key' | 'certificate' | 'crl'; readonly der: Uint8Array }
    | { readonly kind: 'shrouded'; readonly method: EncryptionMethod; readonly data: Uint8Array }
    | { readonly kind: 'other'; readonly what: string };
  /** The friendly name. */
  readonly alias: string | null;
  /** Hexadecimal; a key and its certificate have the same. */
  readonly localKeyId: string | null;
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAGS = '1.2.840.113549.1.12.10.1';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const X509_CRL = '1.2.840.113549.1.9.23.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const VERSION = 3;
const MOST_BAGS = 2000;
const MOST_NESTED = 8;

/** Reads the shell. Throws `unreadable`, also for integrity by public key, which nobody uses. */
export function readPfx(element: DerElement): Pfx {
  const fields = berFieldsOf(element, TAG.sequence, 'the PKCS#12');
  const version = readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  if (version !== VERSION) throw derFault(element.offset, 'the PKCS#12 is not of version 3');
  const { oid, content } = readContentInfo(fields.next(TAG.sequence, 'authenticated safe'));
  if (oid !== DATA) {
    throw derFault(
      element.offset,
      'the PKCS#12 is signed by a public key, which zmint cannot read',
    );
  }
  const mac = fields.maybe(TAG.sequence);
  fields.end();
  return {
    authenticatedSafe: berOctets(content, 'the authenticated safe'),
    mac: mac === undefined ? null : readMac(mac),
  };
}

/** The parts of an AuthenticatedSafe. Throws `unreadable`, naming bytes within it. */
export function readSafeParts(authenticatedSafe: Uint8Array): readonly SafePart[] {
  const element = readBer(authenticatedSafe);
  if (element.tag !== TAG.sequence) throw derFault(0, 'the authenticated safe has the wrong type');
  return berChildrenOf(element).map((part) => {
    const { oid, content } = readContentInfo(part);
    if (oid === DATA) return { kind: 'clear', contents: berOctets(content, 'the safe') };
    if (oid === ENCRYPTED_DATA) return readEncryptedPart(content);
    throw derFault(part.offset, `a part of the PKCS#12 is of type ${oid}, which zmint cannot read`);
  });
}

/** The bags of SafeContents, those in nested ones too. Throws `unreadable`. */
export function readSafeBags(contents: Uint8Array): readonly SafeBag[] {
  const bags = bagsIn(readBer(contents), 0);
  if (bags.length > MOST_BAGS) throw derFault(0, `the PKCS#12 has over ${MOST_BAGS} entries`);
  return bags;
}

function readContentInfo(element: DerElement): { oid: string; content: DerElement } {
  const fields = berFieldsOf(element, TAG.sequence, 'the content');
  const oid = readOid(fields.next(TAG.oid, 'content type'));
  const wrapper = fields.next(constructedTag(0), 'content');
  fields.end();
  const inside = berFieldsOf(wrapper, constructedTag(0), 'the content');
  const content = inside.any('content');
  inside.end();
  return { oid, content };
}

function readEncryptedPart(element: DerElement): SafePart {
  const fields = berFieldsOf(element, TAG.sequence, 'the encrypted data');
  readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  const info = berFieldsOf(fields.any('content'), TAG.sequence, 'the encrypted content');
  info.next(TAG.oid, 'content type');
  const method = readEncryptionMethod(info.next(TAG.sequence, 'algorithm'));
  const data = berOctets(info.any('encrypted content'), 'the encrypted content', primitiveTag(0));
  return { kind: 'encrypted', method, data };
}

function bagsIn(contents: DerElement, depth: number): readonly SafeBag[] {
  if (contents.tag !== TAG.sequence) throw derFault(contents.offset, 'the safe has the wrong type');
  if (depth > MOST_NESTED) throw derFault(contents.offset, 'the safe is nested too deep');
  return berChildrenOf(contents).flatMap((bag) => {
    const fields = berFieldsOf(bag, TAG.sequence, 'a bag');
    const oid = readOid(fields.next(TAG.oid, 'bag type'));
    const wrapper = fields.next(constructedTag(0), 'bag value');
    const attributes = fields.maybe(TAG.set);
    fields.end();
    const inside = berFieldsOf(wrapper, constructedTag(0), 'the bag value');
    const value = inside.any('value');
    inside.end();
    if (oid === `${BAGS}.6`) return bagsIn(value, depth + 1);
    return [{ content: readBag(oid, value), ...readAttributes(attributes) }];
  });
}

function readBag(oid: string, value: DerElement): SafeBag['content'] {
  switch (oid) {
    case `${BAGS}.1`:
      return { kind: 'key', der: value.bytes };
    case `${BAGS}.2`:
      return { kind: 'shrouded', ...readShrouded(value) };
    case `${BAGS}.3`:
      return readTyped(value, X509_CERTIFICATE, 'certificate');
    case `${BAGS}.4`:
      return readTyped(value, X509_CRL, 'crl');
    case `${BAGS}.5`:
      return { kind: 'other', what: 'a secret' };
    default:
      return { kind: 'other', what: `something of type ${oid}` };
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3). Throws `unreadable`. */
export function readShrouded(element: DerElement): {
  readonly method: EncryptionMethod;
  readonly data: Uint8Array;
} {
  const fields = berFieldsOf(element, TAG.sequence, 'the encrypted key');
  const method = readEncryptionMethod(fields.next(TAG.sequence, 'algorithm'));
  const data = berOctets(fields.any('encrypted key'), 'the encrypted key');
  fields.end();
  return { method, data };
}

function readTyped(
  value: DerElement,
  type: string,
  kind: 'certificate' | 'crl',
): SafeBag['content'] {
  const fields = berFieldsOf(value, TAG.sequence, 'the bag');
  const oid = readOid(fields.next(TAG.oid, 'type'));
  if (oid !== type) return { kind: 'other', what: `a ${kind} of type ${oid}` };
  const wrapper = berFieldsOf(fields.next(constructedTag(0), 'value'), constructedTag(0), 'value');
  return { kind, der: berOctets(wrapper.any('octets'), 'the value') };
}

function readAttributes(set: DerElement | undefined): Pick<SafeBag, 'alias' | 'localKeyId'> {
  let alias: string | null = null;
  let localKeyId: string | null = null;
  for (const attribute of set === undefined ? [] : berChildrenOf(set)) {
    const fields = berFieldsOf(attribute, TAG.sequence, 'an attribute');
    const oid = readOid(fields.next(TAG.oid, 'attribute type'));
    const [value] = berChildrenOf(fields.next(TAG.set, 'attribute values'));
    if (value === undefined) continue;
    if (oid === FRIENDLY_NAME) alias = readAttributeValue(value, false).value;
    if (oid === LOCAL_KEY_ID) localKeyId = toHex(berOctets(value, 'the local key id'));
  }
  return { alias, localKeyId };
}
