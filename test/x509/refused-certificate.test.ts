import { beforeAll, describe, expect, test } from '@jest/globals';
import { concatBytes } from '../../src/encoding/bytes.js';
import { constructedTag, primitiveTag } from '../../src/encoding/der-tag.js';
import {
  writeBoolean,
  writeDer,
  writeExplicit,
  writeNamedBits,
  writeOctetString,
  writeOid,
  writeSequence,
  writeSetOf,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { writeExtension } from '../../src/x509/extension.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { writeTime } from '../../src/x509/time.js';
import { makeLeaf, makeRoot, NOW } from '../support/issue-for-test.js';
import { refusalOf } from '../support/refusal-of.js';
import { buildCertificate, withExtension, type Fields } from '../support/bent-certificate.js';

let leaf: Uint8Array;

beforeAll(async () => {
  leaf = (await makeLeaf('web1.example.com', await makeRoot('CA'))).certificate.der;
});

describe('what is none, with the fact', () => {
  const seq = writeSequence;
  const two = (one: Uint8Array): Uint8Array => writeExplicit(3, seq(one, one));
  const ext = (...fields: readonly Uint8Array[]): Fields => ({
    extensions: writeExplicit(3, seq(seq(...fields))),
  });
  const oid = writeOid('1.2.3');
  const value = writeOctetString(fromHex('00'));
  test.each<[string, () => Uint8Array, string]>([
    ['nothing', () => new Uint8Array(), 'byte 0: an element is missing'],
    ['text', () => encodeUtf8('hello, world'), 'byte 0'],
    ['a certificate cut short', () => leaf.slice(0, -1), 'byte 0: it is cut short'],
    ['a byte behind', () => concatBytes([leaf, fromHex('00')]), 'bytes behind the end'],
    ['two certificates', () => concatBytes([leaf, leaf]), 'there are bytes behind'],
    ['a length of BER', () => concatBytes([fromHex('308300'), leaf.subarray(2)]), 'not minimal'],
    [
      'an indefinite length',
      () => concatBytes([fromHex('3080'), leaf.subarray(4), fromHex('0000')]),
      'indefinite',
    ],
    ['over 64 KiB', () => withExtension('1.2.3', new Uint8Array(65_536)), 'more than 65536 bytes'],
    [
      'no signature',
      () => buildCertificate({}, { signature: null }),
      'the certificate has no signature',
    ],
    [
      'a fourth field',
      () => buildCertificate({}, { more: fromHex('0500') }),
      'the certificate has a field too many',
    ],
    [
      'a field more to be signed',
      () => buildCertificate({ more: fromHex('0500') }),
      'tbsCertificate has a field too many',
    ],
    [
      'a signature of odd bits',
      () => buildCertificate({}, { signature: writeNamedBits([0]) }),
      'signature is not whole octets',
    ],
    [
      'two algorithms',
      () => buildCertificate({ algorithm: fromHex('300a06082a8648ce3d040303') }),
      'two signature algorithms differ',
    ],
    [
      'version 1 written out',
      () => buildCertificate({ version: writeExplicit(0, writeUnsigned(Uint8Array.of(0))) }),
      'version is neither 2 nor 3',
    ],
    [
      'version 4',
      () => buildCertificate({ version: writeExplicit(0, writeUnsigned(Uint8Array.of(3))) }),
      'version is neither 2 nor 3',
    ],
    [
      'a serial number of 21 octets',
      () => buildCertificate({ serial: fromHex(`021501${'00'.repeat(20)}`) }),
      'more than 20 octets',
    ],
    [
      'no serial number',
      () => buildCertificate({ serial: null }),
      'serialNumber has the wrong type',
    ],
    [
      'one date',
      () => buildCertificate({ validity: seq(writeTime(NOW)) }),
      'the validity has no notAfter',
    ],
    [
      'three dates',
      () => buildCertificate({ validity: seq(writeTime(NOW), writeTime(NOW), writeTime(NOW)) }),
      'too many',
    ],
    [
      'a date without seconds',
      () =>
        buildCertificate({
          validity: seq(writeDer(0x17, encodeUtf8('2611210526Z')), writeTime(NOW)),
        }),
      'notBefore is no date',
    ],
    [
      'a date of the year 0',
      () =>
        buildCertificate({
          validity: seq(writeTime(NOW), writeDer(0x18, encodeUtf8('00001121052619Z'))),
        }),
      'notAfter is no date',
    ],
    [
      'a key that is none',
      () => buildCertificate({ spki: seq() }),
      'the public key has no algorithm',
    ],
    [
      'extensions in version 1',
      () => buildCertificate({ version: null, ...ext(oid, value) }),
      'only version 3',
    ],
    [
      'ids in version 1',
      () => buildCertificate({ version: null, issuerId: writeDer(primitiveTag(1), fromHex('00')) }),
      'no unique ids',
    ],
    [
      'no extension in the list',
      () => buildCertificate({ extensions: writeExplicit(3, seq()) }),
      'list of extensions is empty',
    ],
    ['no list', () => buildCertificate({ extensions: writeDer(constructedTag(3)) }), 'has no list'],
    [
      'an extension twice',
      () =>
        buildCertificate({
          extensions: two(writeExtension({ oid: '1.2.3', critical: false, value: fromHex('') })),
        }),
      '1.2.3 comes twice',
    ],
    [
      'critical written as FALSE',
      () => buildCertificate(ext(oid, writeBoolean(false), value)),
      'writes its default',
    ],
    ['an extension without value', () => buildCertificate(ext(oid)), 'no extension value'],
    ['an extension of four', () => buildCertificate(ext(oid, value, value)), 'too many'],
    [
      'CA written as FALSE',
      () => withExtension(EXTENSION.basicConstraints, fromHex('3003010100')),
      'writes its default',
    ],
    [
      'a path length of no CA',
      () => withExtension(EXTENSION.basicConstraints, fromHex('3003020100')),
      'what is no CA',
    ],
    [
      'a negative path length',
      () => withExtension(EXTENSION.basicConstraints, fromHex('30060101ff0201ff')),
      'path length is negative',
    ],
    [
      'a huge path length',
      () => withExtension(EXTENSION.basicConstraints, fromHex('300b0101ff0206010000000000')),
      'too large',
    ],
    [
      'junk in basicConstraints',
      () => withExtension(EXTENSION.basicConstraints, fromHex('30000500')),
      'behind the end',
    ],
    [
      'no key usage',
      () => withExtension(EXTENSION.keyUsage, fromHex('030100')),
      'keyUsage is empty',
    ],
    [
      'key usage of zeros alone',
      () => withExtension(EXTENSION.keyUsage, fromHex('03020000')),
      'keyUsage is empty',
    ],
    [
      'a tenth key usage',
      () => withExtension(EXTENSION.keyUsage, fromHex('0303060040')),
      'unknown bits',
    ],
    [
      'no purpose',
      () => withExtension(EXTENSION.extendedKeyUsage, seq()),
      'extendedKeyUsage is empty',
    ],
    [
      'a purpose that is none',
      () => withExtension(EXTENSION.extendedKeyUsage, seq(fromHex('0500'))),
      'wrong type',
    ],
    ['no names', () => withExtension(EXTENSION.subjectAltName, seq()), 'alternative name is empty'],
    [
      'a DNS name beyond ASCII',
      () =>
        withExtension(EXTENSION.subjectAltName, seq(writeDer(primitiveTag(2), encodeUtf8('ä')))),
      'a DNS name is not ASCII',
    ],
    [
      'an address of 5 octets',
      () =>
        withExtension(
          EXTENSION.subjectAltName,
          seq(writeDer(primitiveTag(7), fromHex('0102030405'))),
        ),
      'neither 4 nor 16',
    ],
    [
      'a ninth kind of name',
      () => withExtension(EXTENSION.subjectAltName, seq(writeDer(primitiveTag(9), fromHex('01')))),
      'no such kind',
    ],
    [
      'a universal type as name',
      () => withExtension(EXTENSION.subjectAltName, seq(fromHex('0c0161'))),
      'no such kind',
    ],
    [
      '1001 names',
      () =>
        withExtension(
          EXTENSION.subjectAltName,
          seq(...Array.from({ length: 1001 }, () => fromHex('820161'))),
        ),
      'over 1000 names',
    ],
    [
      'an empty key identifier',
      () => withExtension(EXTENSION.subjectKeyIdentifier, fromHex('0400')),
      '0 octets',
    ],
    [
      'a key identifier of 65 octets',
      () => withExtension(EXTENSION.subjectKeyIdentifier, writeOctetString(new Uint8Array(65))),
      '65 octets',
    ],
    [
      'an extension value that is no DER',
      () => withExtension(EXTENSION.subjectKeyIdentifier, fromHex('0480')),
      'indefinite',
    ],
    [
      'a name out of order',
      () => buildCertificate({ subject: seq(writeDer(0x31, fromHex('3000'), fromHex('0500'))) }),
      'not sorted',
    ],
    [
      'a name that is no name',
      () => buildCertificate({ issuer: writeSetOf() }),
      'the issuer has the wrong type',
    ],
  ])('%s', (_what, bytes, fact) => {
    const refusal = refusalOf(() => parseCertificate(bytes()));
    expect(refusal.code).toBe('unreadable');
    expect(refusal.message).toContain(fact);
  });
});
