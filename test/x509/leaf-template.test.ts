import 'reflect-metadata';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as peculiar from '@peculiar/x509';
import fc from 'fast-check';
import { schemeOf } from '../../src/adapters/crypto/signature-scheme.js';
import { toHex } from '../../src/encoding/hex.js';
import {
  assembleCertificate,
  encodeTbsCertificate,
  type CertificateContent,
} from '../../src/x509/certificate-content.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { ipAddressText } from '../../src/x509/ip-address.js';
import {
  createLeafTemplate,
  type LeafFields,
  type LeafShape,
} from '../../src/x509/leaf-template.js';
import { describePublicKey } from '../../src/x509/public-key.js';
import { ipOctets } from '../../src/x509/subject-alt-name.js';
import { KEY_SPECS } from '../../src/zone/key-spec.js';
import { keys } from '../support/issue-for-test.js';
import { leafFields, leafShape } from '../support/leaf-profiles.js';
import { refusalOf } from '../support/refusal-of.js';

const ALGORITHMS = KEY_SPECS.map((spec) => schemeOf(spec).algorithm);
const spkis: Uint8Array[] = [];

beforeAll(async () => {
  for (const spec of KEY_SPECS) spkis.push((await keys.generate(spec)).spki);
});

const contentOf = (shape: LeafShape, fields: LeafFields): CertificateContent => {
  const { issuer, extendedKeyUsage, authorityKeyId } = shape;
  return { ...fields, issuer, extendedKeyUsage, authorityKeyId, ca: false };
};
const ordinary = (shape: LeafShape, fields: LeafFields): Uint8Array =>
  encodeTbsCertificate(contentOf(shape, fields), shape.signatureAlgorithm);
const profiles = (): fc.Arbitrary<[LeafShape, LeafFields[]]> =>
  fc.tuple(
    leafShape(ALGORITHMS),
    fc.array(leafFields(spkis), { minLength: 1, maxLength: 6, size: 'max' }),
  );

test('a template makes what the ordinary way makes, octet for octet', () => {
  let compared = 0;
  fc.assert(
    fc.property(profiles(), ([shape, list]) => {
      const template = createLeafTemplate(shape);
      for (const fields of list) {
        expect(toHex(template.encode(fields))).toBe(toHex(ordinary(shape, fields)));
        compared += 1;
      }
    }),
    { numRuns: 1500 },
  );
  expect(compared).toBeGreaterThan(3000);
});

const OIDS = { san: '2.5.29.17', ski: '2.5.29.14', aki: '2.5.29.35', eku: '2.5.29.37' } as const;

/** What another library reads in a certificate. */
function readByLibrary(der: Uint8Array): Record<string, unknown> {
  const read = new peculiar.X509Certificate(Uint8Array.from(der));
  const hex = (bytes: ArrayBuffer): string => toHex(new Uint8Array(bytes));
  const san = read.getExtension(peculiar.SubjectAlternativeNameExtension);
  return {
    serial: read.serialNumber,
    issuer: hex(read.issuerName.toArrayBuffer()),
    subject: hex(read.subjectName.toArrayBuffer()),
    notBefore: read.notBefore.getTime() / 1000,
    notAfter: read.notAfter.getTime() / 1000,
    spki: hex(read.publicKey.rawData),
    ca: read.getExtension(peculiar.BasicConstraintsExtension)?.ca,
    usage: read.getExtension(peculiar.KeyUsagesExtension)?.usages,
    extendedUsage: read.getExtension(peculiar.ExtendedKeyUsageExtension)?.usages ?? [],
    names: (san?.names.items ?? []).map(({ type, value }) => [type, value]),
    keyId: read.getExtension(peculiar.SubjectKeyIdentifierExtension)?.keyId,
    authority: read.getExtension(peculiar.AuthorityKeyIdentifierExtension)?.keyId,
    critical: read.extensions.filter(({ critical }) => critical).map(({ type }) => type),
    count: read.extensions.length,
  };
}

/** The same by the order. */
function askedFor(shape: LeafShape, fields: LeafFields): Record<string, unknown> {
  const named = fields.dnsNames.length + fields.ipAddresses.length > 0;
  const { digitalSignature, keyEncipherment } = peculiar.KeyUsageFlags;
  const rsa = describePublicKey(fields.spki).startsWith('rsa:');
  const unnamed = named && fields.subject.attributes.length === 0;
  return {
    serial: toHex(fields.serial).replace(/^(?:00)+/u, ''),
    issuer: toHex(shape.issuer.der),
    subject: toHex(fields.subject.der),
    notBefore: fields.notBefore,
    notAfter: fields.notAfter,
    spki: toHex(fields.spki),
    ca: false,
    usage: rsa ? digitalSignature | keyEncipherment : digitalSignature,
    extendedUsage: [...shape.extendedKeyUsage],
    names: [
      ...fields.dnsNames.map((name) => ['dns', name]),
      ...fields.ipAddresses.map((address) => ['ip', ipAddressText(ipOctets(address))]),
    ],
    keyId: toHex(fields.subjectKeyId),
    authority: toHex(shape.authorityKeyId),
    critical: ['2.5.29.19', '2.5.29.15', ...(unnamed ? [OIDS.san] : [])],
    count: 4 + (named ? 1 : 0) + (shape.extendedKeyUsage.length > 0 ? 1 : 0),
  };
}

test('@peculiar/x509 reads in it, field by field, what was asked for', () => {
  fc.assert(
    fc.property(leafShape(ALGORITHMS), leafFields(spkis), (shape, fields) => {
      const tbs = createLeafTemplate(shape).encode(fields);
      const der = assembleCertificate(tbs, shape.signatureAlgorithm, Uint8Array.of(1, 2, 3));
      expect(readByLibrary(der)).toEqual(askedFor(shape, fields));
    }),
    { numRuns: 1000 },
  );
});

test('an assembled certificate is read back with its parts, whatever their lengths', () => {
  const signatures = fc.uint8Array({ minLength: 1, maxLength: 600 });
  fc.assert(
    fc.property(profiles(), signatures, ([shape, [fields]], signature) => {
      if (fields === undefined) return;
      const tbs = createLeafTemplate(shape).encode(fields);
      const read = parseCertificate(assembleCertificate(tbs, shape.signatureAlgorithm, signature));
      expect([toHex(read.tbs), toHex(read.signature)]).toEqual([toHex(tbs), toHex(signature)]);
      expect(read.signatureAlgorithm).toEqual(shape.signatureAlgorithm);
    }),
    { numRuns: 300 },
  );
});

describe('what cannot stand in a certificate', () => {
  const subject = encodeDistinguishedName([{ type: 'CN', value: 'a.example' }]);
  const shape: LeafShape = {
    issuer: subject,
    signatureAlgorithm: schemeOf('ec:P-256').algorithm,
    extendedKeyUsage: [],
    authorityKeyId: new Uint8Array(20),
  };
  const good = (): LeafFields => ({
    serial: Uint8Array.of(1),
    subject,
    notBefore: 0,
    notAfter: 1,
    spki: spkis[0] ?? new Uint8Array(),
    dnsNames: ['a.example'],
    ipAddresses: [],
    subjectKeyId: new Uint8Array(20),
  });

  test.each<[string, Partial<LeafFields>, string]>([
    ['a negative serial number', { serial: Uint8Array.of(0x80) }, 'policy'],
    ['the serial number 0', { serial: new Uint8Array(20) }, 'policy'],
    ['no serial number', { serial: new Uint8Array() }, 'policy'],
    ['a serial number of 21 octets', { serial: new Uint8Array(21).fill(1) }, 'policy'],
    ['half a second', { notAfter: 1.5 }, 'policy'],
    ['the year 10000', { notAfter: Date.UTC(10_000, 0, 1) / 1000 }, 'policy'],
    ['the year 1949', { notBefore: Date.UTC(1949, 0, 1) / 1000 }, 'policy'],
    ['a name beyond ASCII', { dnsNames: ['ä.example'] }, 'policy'],
    ['an empty name', { dnsNames: [''] }, 'policy'],
    ['a name of 254 letters', { dnsNames: ['a'.repeat(254)] }, 'policy'],
    ['a name with a space', { dnsNames: ['a b'] }, 'policy'],
    ['an address that is none', { ipAddresses: ['1.2.3'] }, 'policy'],
    ['no public key', { spki: Uint8Array.of(1, 2, 3) }, 'unreadable'],
  ])('%s is refused as the ordinary way refuses it', (_what, wrong, code) => {
    const fields = { ...good(), ...wrong };
    const refused = refusalOf(() => createLeafTemplate(shape).encode(fields));
    const expected = refusalOf(() => ordinary(shape, fields));
    expect([refused.code, refused.message]).toEqual([code, expected.message]);
    expect(createLeafTemplate(shape).encode(good())).toEqual(ordinary(shape, good()));
  });
});
