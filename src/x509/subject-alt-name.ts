import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag } from '../encoding/der-fields.js';
import { primitiveTag, TAG } from '../encoding/der-tag.js';
import { readAscii } from '../encoding/der-values.js';
import { writeDer, writeSequence } from '../encoding/der-writer.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import { ipAddressOctets, ipAddressText } from './ip-address.js';

/** The names in a subject alternative name extension, in their order; other kinds of names are left out. */
export interface SubjectAltName {
  readonly dnsNames: readonly string[];
  /** Canonical text (RFC 5952). */
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

const EMAIL = primitiveTag(1);
const DNS = primitiveTag(2);
const URI = primitiveTag(6);
const ADDRESS = primitiveTag(7);
const MOST_NAMES = 1000;

/** Reads the extension's value (RFC 5280 §4.2.1.6). Throws `unreadable`. */
export function readSubjectAltName(value: DerElement): SubjectAltName {
  const names = childrenOf(expectTag(value, TAG.sequence, 'the subject alternative name'));
  if (names.length === 0) throw derFault(value.offset, 'the subject alternative name is empty');
  if (names.length > MOST_NAMES) throw derFault(value.offset, `there are over ${MOST_NAMES} names`);
  for (const name of names) refuseNonName(name);
  const texts = (tag: number, what: string): readonly string[] =>
    names.filter((name) => name.tag === tag).map((name) => readAscii(name, what));
  return {
    dnsNames: texts(DNS, 'a DNS name'),
    ipAddresses: names.filter((name) => name.tag === ADDRESS).map(readAddress),
    emailAddresses: texts(EMAIL, 'an e-mail address'),
    uris: texts(URI, 'a URI'),
  };
}

/** The extension's value for these names. Throws `policy` for a text that is not ASCII or an address that is none. */
export function writeSubjectAltName(
  names: Pick<SubjectAltName, 'dnsNames' | 'ipAddresses'> & Partial<SubjectAltName>,
): Uint8Array {
  return writeSequence(
    ...names.dnsNames.map((name) => writeDer(DNS, encodeUtf8(checkedDnsName(name)))),
    ...names.ipAddresses.map((address) => writeDer(ADDRESS, ipOctets(address))),
    ...(names.emailAddresses ?? []).map((name) => writeDer(EMAIL, asciiText(name))),
    ...(names.uris ?? []).map((name) => writeDer(URI, asciiText(name))),
  );
}

function refuseNonName(name: DerElement): void {
  const known = (name.tag & 0xc0) === 0x80 && (name.tag & 0x1f) <= 8;
  if (!known) throw derFault(name.offset, 'there is no such kind of name');
}

function readAddress(name: DerElement): string {
  const text = ipAddressText(name.content);
  if (text === undefined) throw derFault(name.offset, 'an IP address has neither 4 nor 16 octets');
  return text;
}

/** The name as it was given. Throws `policy` when it cannot stand in a certificate as a DNS name. */
export function checkedDnsName(name: string): string {
  if (/^[!-~]{1,253}$/u.test(name)) return name;
  throw new ZmintError('policy', `"${name}" cannot stand in a certificate as a DNS name`, {
    hint: 'write international names as xn--…',
  });
}

function asciiText(text: string): Uint8Array {
  if (/^[!-~]{1,500}$/u.test(text)) return encodeUtf8(text);
  throw new ZmintError('policy', `"${text}" cannot stand in a certificate`, {
    hint: 'write it in ASCII without spaces',
  });
}

/** The 4 or 16 octets of an address. Throws `policy` when it is none. */
export function ipOctets(address: string): Uint8Array {
  const octets = ipAddressOctets(address);
  if (octets !== undefined) return octets;
  throw new ZmintError('policy', `"${address}" is not an IP address`, {
    hint: 'as 192.0.2.7 or 2001:db8::7',
  });
}
