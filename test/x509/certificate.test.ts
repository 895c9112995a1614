import { describe, expect, test } from '@jest/globals';
import { constructedTag, primitiveTag } from '../../src/encoding/der-tag.js';
import {
  writeDer,
  writeExplicit,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { buildCertificate, NAME, withExtension } from '../support/bent-certificate.js';

describe('what is a certificate', () => {
  test('the smallest one says nothing', () => {
    expect(parseCertificate(buildCertificate())).toMatchObject({
      version: 3,
      serial: '01',
      key: 'ed25519',
      signatureAlgorithmName: 'ecdsa-with-SHA256',
      isCa: false,
      basicConstraintsCritical: false,
      keyUsage: null,
      extendedKeyUsage: null,
      subjectKeyId: null,
      authorityKeyId: null,
      extensions: [],
    });
  });

  test('versions 1 and 2', () => {
    expect(parseCertificate(buildCertificate({ version: null })).version).toBe(1);
    const two = writeExplicit(0, writeUnsigned(Uint8Array.of(1)));
    const ids = {
      issuerId: writeDer(primitiveTag(1), fromHex('00ff')),
      subjectId: writeDer(primitiveTag(2), fromHex('00ff')),
    };
    expect(parseCertificate(buildCertificate({ version: two, ...ids })).version).toBe(2);
  });

  test.each<[string, string, Uint8Array, Partial<Certificate>]>([
    [
      'a CA with a path length',
      EXTENSION.basicConstraints,
      fromHex('30060101ff020100'),
      { isCa: true, pathLength: 0 },
    ],
    [
      'all key usages',
      EXTENSION.keyUsage,
      fromHex('030307ff80'),
      {
        keyUsage: [
          'digitalSignature',
          'nonRepudiation',
          'keyEncipherment',
          'dataEncipherment',
          'keyAgreement',
          'keyCertSign',
          'cRLSign',
          'encipherOnly',
          'decipherOnly',
        ],
      },
    ],
    [
      'any purpose',
      EXTENSION.extendedKeyUsage,
      writeSequence(writeOid('2.5.29.37.0')),
      { extendedKeyUsage: ['2.5.29.37.0'] },
    ],
    [
      'an authority by issuer and serial',
      EXTENSION.authorityKeyIdentifier,
      writeSequence(
        writeDer(primitiveTag(0), fromHex('0102')),
        writeDer(constructedTag(1), writeExplicit(4, NAME)),
        writeDer(primitiveTag(2), fromHex('05')),
      ),
      { authorityKeyId: '0102', authorityHasIssuerAndSerial: true },
    ],
    [
      'an authority without key id',
      EXTENSION.authorityKeyIdentifier,
      writeSequence(),
      { authorityKeyId: null, authorityHasIssuerAndSerial: false },
    ],
    [
      'every kind of name',
      EXTENSION.subjectAltName,
      writeSequence(
        writeDer(constructedTag(0), writeOid('1.2.3'), writeExplicit(0, fromHex('0500'))),
        writeDer(primitiveTag(1), encodeUtf8('a@b.c')),
        writeDer(primitiveTag(2), encodeUtf8('a.b')),
        writeExplicit(4, NAME),
        writeDer(primitiveTag(6), encodeUtf8('https://a/')),
        writeDer(primitiveTag(7), fromHex('c0000207')),
        writeDer(primitiveTag(7), fromHex(`20010db8${'00'.repeat(12)}`)),
        writeDer(primitiveTag(8), fromHex('2a03')),
      ),
      {
        emailAddresses: ['a@b.c'],
        dnsNames: ['a.b'],
        uris: ['https://a/'],
        ipAddresses: ['192.0.2.7', '2001:db8::'],
      },
    ],
  ])('%s', (_what, oid, value, said) => {
    expect(parseCertificate(withExtension(oid, value))).toMatchObject(said);
  });

  test('an extension that nobody knows is kept as it is', () => {
    const certificate = parseCertificate(withExtension('1.2.3.4', fromHex('deadbeef'), true));
    expect(certificate.extensions).toEqual([
      { oid: '1.2.3.4', critical: true, value: fromHex('deadbeef') },
    ]);
  });
});
