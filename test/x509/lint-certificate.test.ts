import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import type { CertificateContent } from '../../src/x509/certificate-content.js';
import { encodeTbsCertificate } from '../../src/x509/certificate-content.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { lintIssued } from '../../src/x509/lint-certificate.js';
import { fromHex } from '../../src/encoding/hex.js';
import {
  keyIdOf,
  keys,
  makeLeaf,
  makeRoot,
  NOW,
  testSerial,
  type TestIdentity,
} from '../support/issue-for-test.js';
import { refusalOf } from '../support/refusal-of.js';

let root: TestIdentity;
let leaf: Certificate;

beforeAll(async () => {
  root = await makeRoot('CA');
  leaf = (await makeLeaf('web1', root)).certificate;
});

test('what zmint makes breaks no rule', () => {
  expect(lintIssued(root.certificate, root.certificate)).toEqual([]);
  expect(lintIssued(leaf, root.certificate)).toEqual([]);
});

test('an empty subject with a critical SAN breaks none either', async () => {
  const subject = encodeDistinguishedName([]);
  const { certificate } = await makeLeaf('web1', root, { subject });
  expect(certificate.extensions.find(({ oid }) => oid === '2.5.29.17')?.critical).toBe(true);
  expect(lintIssued(certificate, root.certificate)).toEqual([]);
});

describe('made wrongly, as the words say', () => {
  test.each<[string, Partial<CertificateContent>]>([
    [
      'the serial number takes 15 octets instead of 16 to 20',
      { serial: new Uint8Array(15).fill(0x11) },
    ],
    [
      'it is valid before its issuer is, which is from 2026-11-21T04:26:19Z on',
      { notBefore: NOW - 3601 },
    ],
    [
      'it is valid longer than its issuer, which ends 2027-11-21T05:26:19Z',
      { notAfter: NOW + 365 * 86_400 + 1 },
    ],
    ['the validity ends before it begins', { notBefore: NOW, notAfter: NOW - 1 }],
    ['extended key usage is missing', { extendedKeyUsage: [] }],
    ['it has no subject alternative name', { dnsNames: [] }],
    ['the common name is not in the subject alternative name', { dnsNames: ['web2'] }],
    ['a name is written twice', { dnsNames: ['web1', 'web1'] }],
    [
      'the authority key identifier is not the key identifier of the issuer',
      { authorityKeyId: new Uint8Array(20) },
    ],
  ])('%s', async (words, content) => {
    const { certificate } = await makeLeaf('web1', root, content);
    expect(lintIssued(certificate, root.certificate)).toEqual([words]);
  });
});

describe('bent after it was read, as the words say', () => {
  test.each<[string, Partial<Certificate>]>([
    ['it is of version 1', { version: 1 }],
    ['the serial number takes 21 octets instead of 16 to 20', { serial: '80'.repeat(20) }],
    [
      'the key is rsa:1024: not RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519',
      { key: 'rsa:1024' },
    ],
    [
      'the key is ec:secp256k1: not RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519',
      { key: 'ec:secp256k1' },
    ],
    [
      'the key is ed448: not RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519',
      { key: 'ed448' },
    ],
    [
      'it is signed with sha1WithRSAEncryption: not SHA-256 or better',
      { signatureAlgorithmName: 'sha1WithRSAEncryption' },
    ],
    ['it is signed with 1.2.3: not SHA-256 or better', { signatureAlgorithmName: '1.2.3' }],
    [
      'its issuer is not the subject of the certificate that signed it',
      { issuer: encodeDistinguishedName([]) },
    ],
    ['it has no subject key identifier', { subjectKeyId: null }],
    [
      'the authority key identifier names issuer and serial number too',
      { authorityHasIssuerAndSerial: true },
    ],
    ['basic constraints are missing or not critical', { basicConstraintsCritical: false }],
    ['key usage lacks digital signature', { keyUsage: ['keyEncipherment'] }],
    [
      'key usage allows an end entity to sign certificates',
      { keyUsage: ['digitalSignature', 'keyCertSign'] },
    ],
    ['key usage allows an end entity to sign CRLs', { keyUsage: ['digitalSignature', 'cRLSign'] }],
    ['it names e-mail addresses or URIs', { uris: ['https://x/'] }],
  ])('%s', (words, bent) => {
    expect(lintIssued({ ...leaf, ...bent }, root.certificate)).toEqual([words]);
  });

  test.each<[string, Partial<Certificate>]>([
    ['a CA of the zone has a path length constraint', { pathLength: 0 }],
    ['a CA may not sign certificates', { keyUsage: ['cRLSign'] }],
    ['a CA may not sign CRLs', { keyUsage: ['keyCertSign'] }],
    [
      'a CA has further key usages: keyCertSign, cRLSign, keyAgreement',
      { keyUsage: ['keyCertSign', 'cRLSign', 'keyAgreement'] },
    ],
    ['a CA has an empty subject', { subject: encodeDistinguishedName([]) }],
  ])('%s', (words, bent) => {
    expect(lintIssued({ ...root.certificate, ...bent }, root.certificate)).toEqual([words]);
  });

  test.each<[string, string]>([
    ['2.5.29.15', 'key usage is missing or not critical'],
    ['2.5.29.17', 'the subject alternative name is critical, or is not, against its subject'],
    ['2.5.29.14', 'the subject key identifier is critical'],
    ['2.5.29.35', 'the authority key identifier is critical'],
  ])('%s with its critical mark turned round', (oid, words) => {
    const extensions = leaf.extensions.map((one) =>
      one.oid === oid ? { ...one, critical: !one.critical } : one,
    );
    expect(lintIssued({ ...leaf, extensions }, root.certificate)).toEqual([words]);
  });

  test('a certificate for time stamps (RFC 3161 §2.3)', () => {
    const stamps = {
      ...leaf,
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.1'],
      keyUsage: ['digitalSignature', 'keyEncipherment'],
    } as const;
    expect(lintIssued(stamps, root.certificate)).toEqual([
      'a certificate for time stamps has further purposes',
      'the extended key usage of a certificate for time stamps is not critical',
      'the key for time stamps does more than sign',
    ]);
  });

  test('an extension of others', () => {
    const extensions = [
      ...leaf.extensions,
      { oid: '1.2.3', critical: false, value: new Uint8Array() },
    ];
    expect(lintIssued({ ...leaf, extensions }, root.certificate)).toEqual([
      'it has extensions that zmint does not make: 1.2.3',
    ]);
  });

  test('an issuer that may not sign', () => {
    const issuer = { ...root.certificate, isCa: false, keyUsage: ['digitalSignature'] };
    expect(lintIssued(leaf, issuer)).toEqual([
      'it is signed by what is no CA',
      'it is signed by a key that may not sign certificates',
    ]);
  });
});

describe('content that cannot be a certificate', () => {
  test.each<[string, Partial<CertificateContent>, string]>([
    ['serial number zero', { serial: new Uint8Array(16) }, 'policy'],
    ['no serial number', { serial: new Uint8Array() }, 'policy'],
    ['a negative serial number', { serial: new Uint8Array(16).fill(0x80) }, 'policy'],
    ['a serial number of 21 octets', { serial: new Uint8Array(21).fill(1) }, 'policy'],
    ['a date beyond 9999', { notAfter: 253_402_300_800 }, 'policy'],
    ['a DNS name beyond ASCII', { dnsNames: ['ä.example'] }, 'policy'],
    ['a DNS name with a space', { dnsNames: ['a b'] }, 'policy'],
    ['an empty DNS name', { dnsNames: [''] }, 'policy'],
    ['an address that is none', { ipAddresses: ['192.0.2.256'] }, 'policy'],
    ['a public key that is none', { spki: fromHex('3000') }, 'unreadable'],
  ])('%s', async (_what, bent, code) => {
    const pair = await keys.generate('ec:P-256');
    const name = encodeDistinguishedName([{ type: 'CN', value: 'x' }]);
    const content: CertificateContent = {
      serial: testSerial(),
      issuer: name,
      subject: name,
      notBefore: NOW,
      notAfter: NOW + 1,
      spki: pair.spki,
      ca: false,
      dnsNames: ['x'],
      ipAddresses: [],
      extendedKeyUsage: [],
      subjectKeyId: keyIdOf(pair.spki),
      authorityKeyId: keyIdOf(pair.spki),
      ...bent,
    };
    expect(refusalOf(() => encodeTbsCertificate(content, root.signer.algorithm)).code).toBe(code);
  });
});

test('both dates keep their form around 2050', async () => {
  const border = Date.UTC(2050, 0, 1) / 1000;
  for (const [notBefore, notAfter] of [
    [border - 2, border - 1],
    [border - 1, border],
    [border, border + 1],
  ] as const) {
    const { certificate } = await makeRoot('CA', 'ec:P-256', { notBefore, notAfter });
    expect(parseCertificate(certificate.der)).toMatchObject({ notBefore, notAfter });
    expect(lintIssued(certificate, certificate)).toEqual([]);
  }
});
