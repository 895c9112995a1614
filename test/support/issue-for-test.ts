import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import { fromHex } from '../../src/encoding/hex.js';
import type { KeyPair, Signer } from '../../src/ports/keys.js';
import {
  assembleCertificate,
  encodeTbsCertificate,
  type CertificateContent,
} from '../../src/x509/certificate-content.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { keyIdentifierInput } from '../../src/x509/public-key.js';
import type { KeySpec } from '../../src/zone/key-spec.js';

/** A key with a certificate made of it. */
export interface TestIdentity {
  readonly pair: KeyPair;
  readonly signer: Signer;
  readonly certificate: Certificate;
}

export const keys = createNodeKeys();
const digest = createNodeDigest();

/** 2026-11-21T05:26:19Z. */
export const NOW = Date.UTC(2026, 10, 21, 5, 26, 19) / 1000;
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

let serials = 0;

/** Seventeen octets, never the same twice in a test file. */
export function testSerial(): Uint8Array {
  serials += 1;
  return fromHex(`5a${'c0ffee00'.repeat(3)}${serials.toString(16).padStart(8, '0')}`);
}

/** Key identifier by RFC 7093 method 1. */
export function keyIdOf(spki: Uint8Array): Uint8Array {
  return fromHex(digest.sha256(keyIdentifierInput(spki)).slice(0, 40));
}

/** Signs a certificate for `pair` by `issuer`; anything may be overridden. */
export async function issue(
  pair: KeyPair,
  issuer: Pick<TestIdentity, 'signer' | 'certificate'> | null,
  content: Partial<CertificateContent>,
): Promise<TestIdentity> {
  const signer = await keys.signer(pair.pkcs8);
  const by = issuer?.signer ?? signer;
  const subject = content.subject ?? encodeDistinguishedName([{ type: 'CN', value: 'test' }]);
  const tbs = encodeTbsCertificate(
    {
      serial: testSerial(),
      issuer: issuer?.certificate.subject ?? subject,
      subject,
      notBefore: NOW - 3600,
      notAfter: NOW + 365 * 86_400,
      spki: pair.spki,
      ca: false,
      dnsNames: [],
      ipAddresses: [],
      extendedKeyUsage: [],
      subjectKeyId: keyIdOf(pair.spki),
      authorityKeyId: keyIdOf(by.spki),
      ...content,
    },
    by.algorithm,
  );
  const der = assembleCertificate(tbs, by.algorithm, await by.sign(tbs));
  return { pair, signer, certificate: parseCertificate(der) };
}

/** A root, `CN=<name>`, that signs itself. */
export async function makeRoot(
  name: string,
  spec: KeySpec = 'ec:P-256',
  content: Partial<CertificateContent> = {},
): Promise<TestIdentity> {
  const subject = encodeDistinguishedName([{ type: 'CN', value: name }]);
  return issue(await keys.generate(spec), null, { subject, ca: true, ...content });
}

/** A server's certificate for that DNS name. */
export async function makeLeaf(
  dnsName: string,
  issuer: TestIdentity,
  content: Partial<CertificateContent> = {},
): Promise<TestIdentity> {
  const subject = encodeDistinguishedName([{ type: 'CN', value: dnsName }]);
  const server = { dnsNames: [dnsName], extendedKeyUsage: [SERVER_AUTH] };
  const pair = await keys.generate('ec:P-256');
  return issue(pair, issuer, { subject, ...server, ...content });
}

/** The key of `subject` certified by `issuer`: NewWithOld and its like. */
export async function makeCross(
  subject: TestIdentity,
  issuer: TestIdentity,
  content: Partial<CertificateContent> = {},
): Promise<Certificate> {
  const name = subject.certificate.subject;
  return (await issue(subject.pair, issuer, { subject: name, ca: true, ...content })).certificate;
}
