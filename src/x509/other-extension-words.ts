import { createByteReader } from '../encoding/byte-reader.js';
import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { primitiveTag, TAG } from '../encoding/der-tag.js';
import { readAscii, readOid, readSmallInteger } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { readAttributeValue } from './attribute-value.js';
import type { ExtensionReader } from './extension-reader.js';

const NETSCAPE_TYPES = [
  'SSL client',
  'SSL server',
  'S/MIME',
  'object signing',
  'reserved',
  'SSL CA',
  'S/MIME CA',
  'object signing CA',
];

/** TLS extensions that a certificate can demand (RFC 7633). */
const TLS_FEATURES: ReadonlyMap<number, string> = new Map([
  [5, 'status_request (must staple)'],
  [17, 'status_request_v2'],
]);

/** Extensions beyond RFC 5280 that are seen often, by object identifier. */
export const OTHER_EXTENSIONS: readonly (readonly [oid: string, reader: ExtensionReader])[] = [
  ['2.5.29.16', ['private key usage period', periodWords]],
  ['2.5.29.9', ['subject directory attributes', (v) => firstOids(v)]],
  ['1.3.6.1.5.5.7.1.3', ['qualified certificate statements', (v) => firstOids(v)]],
  ['1.3.6.1.5.5.7.1.24', ['TLS features', featureWords]],
  [
    '1.3.6.1.5.5.7.48.1.5',
    ['OCSP no check', () => ['this responder is not checked for revocation']],
  ],
  ['1.3.6.1.4.1.11129.2.4.2', ['certificate transparency timestamps', timestampWords]],
  ['1.3.6.1.4.1.11129.2.4.3', ['certificate transparency poison', () => ['a precertificate']]],
  ['2.16.840.1.113730.1.1', ['Netscape certificate type', netscapeWords]],
  ['2.16.840.1.113730.1.13', ['Netscape comment', (v) => [readAscii(v, 'the comment')]]],
  [
    '1.3.6.1.4.1.311.20.2',
    ['Microsoft template name', (v) => [readAttributeValue(v, false).value]],
  ],
  ['1.3.6.1.4.1.311.21.7', ['Microsoft template', templateWords]],
  ['1.3.6.1.4.1.311.21.1', ['Microsoft CA version', caVersionWords]],
  ['1.3.6.1.4.1.311.21.10', ['Microsoft application policies', (v) => firstOids(v)]],
];

/** The object identifier that each element of a list begins with. */
function firstOids(value: DerElement): readonly string[] {
  return childrenOf(expectTag(value, TAG.sequence, 'the list')).map((element) =>
    readOid(fieldsOf(element, TAG.sequence, 'an element').next(TAG.oid, 'identifier')),
  );
}

function periodWords(value: DerElement): readonly string[] {
  const fields = fieldsOf(value, TAG.sequence, 'the period');
  const from = fields.maybe(primitiveTag(0));
  const to = fields.maybe(primitiveTag(1));
  fields.end();
  return [
    ...(from === undefined ? [] : [`from ${readAscii(from, 'the beginning')}`]),
    ...(to === undefined ? [] : [`to ${readAscii(to, 'the end')}`]),
  ];
}

function featureWords(value: DerElement): readonly string[] {
  return childrenOf(expectTag(value, TAG.sequence, 'the features')).map((element) => {
    const number = readSmallInteger(expectTag(element, TAG.integer, 'a feature'), 'a feature');
    return TLS_FEATURES.get(number) ?? `TLS extension ${number}`;
  });
}

function netscapeWords(value: DerElement): readonly string[] {
  const [, octet = 0] = expectTag(value, TAG.bitString, 'the type').content;
  return [NETSCAPE_TYPES.filter((_, bit) => (octet & (0x80 >> bit)) !== 0).join(', ')];
}

function templateWords(value: DerElement): readonly string[] {
  const fields = fieldsOf(value, TAG.sequence, 'the template');
  const oid = readOid(fields.next(TAG.oid, 'identifier'));
  const numbers = [fields.maybe(TAG.integer), fields.maybe(TAG.integer)].flatMap((number) =>
    number === undefined ? [] : [readSmallInteger(number, 'the version')],
  );
  return [numbers.length === 0 ? oid : `${oid}, version ${numbers.join('.')}`];
}

function caVersionWords(value: DerElement): readonly string[] {
  const number = readSmallInteger(expectTag(value, TAG.integer, 'the version'), 'the version');
  return [`certificate ${number & 0xffff}, key ${number >>> 16}`];
}

const LOG_ID_OCTETS = 32;

/** RFC 6962 §3.3: a list of timestamps, each with its length, in TLS encoding. */
function timestampWords(value: DerElement): readonly string[] {
  const { content, offset } = expectTag(value, TAG.octetString, 'the timestamps');
  const list = createByteReader(content);
  if (list.uint16('length') !== content.length - 2) {
    throw derFault(offset, 'the timestamps have another length than they say');
  }
  const words: string[] = [];
  while (list.offset() < content.length) {
    const one = createByteReader(list.bytes(list.uint16('length'), 'timestamp'));
    one.bytes(1, 'version');
    const log = toHex(one.bytes(LOG_ID_OCTETS, 'log'));
    const seconds = Number(one.uint64('time') / 1000n);
    words.push(`log ${log}, ${timeWords(seconds)}`);
  }
  return words;
}

function timeWords(seconds: number): string {
  const last = Date.UTC(9999, 11, 31) / 1000;
  return seconds > last ? 'an impossible time' : new Date(seconds * 1000).toISOString();
}
