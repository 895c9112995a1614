import 'reflect-metadata';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as peculiar from '@peculiar/x509';
import { encodePem } from '../../src/encoding/pem.js';
import { toHex } from '../../src/encoding/hex.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { lintIssued } from '../../src/x509/lint-certificate.js';
import { formatTime } from '../../src/x509/time.js';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';
import {
  issue,
  keyIdOf,
  keys,
  makeCross,
  makeRoot,
  NOW,
  SERVER_AUTH,
  type TestIdentity,
} from '../support/issue-for-test.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const openssl = requireTool('openssl') ? test : test.skip;
const keytool = requireTool('keytool') ? test : test.skip;

const SIGNATURES: Readonly<Record<KeySpec, string>> = {
  'ec:P-256': 'ecdsa-with-SHA256',
  'ec:P-384': 'ecdsa-with-SHA384',
  'ec:P-521': 'ecdsa-with-SHA512',
  ed25519: 'ed25519',
  'rsa:2048': 'sha256WithRSAEncryption',
  'rsa:3072': 'sha256WithRSAEncryption',
  'rsa:4096': 'sha256WithRSAEncryption',
};

interface Made {
  readonly oldRoot: TestIdentity;
  readonly newRoot: TestIdentity;
  readonly newWithOld: Certificate;
  readonly leaf: TestIdentity;
  readonly folder: string;
}

async function make(spec: KeySpec): Promise<Made> {
  const oldRoot = await makeRoot(`Zone "CA" ${spec} G1`, spec);
  const newRoot = await makeRoot(`Zone "CA" ${spec} G2`, 'ec:P-256');
  const leaf = await issue(await keys.generate(spec), newRoot, {
    subject: encodeDistinguishedName([
      { type: 'C', value: 'DE' },
      { type: 'O', value: 'Äpfel & Söhne' },
      { type: 'CN', value: 'web1.example.com' },
    ]),
    notAfter: NOW + 100 * 86_400,
    dnsNames: ['web1.example.com', '*.example.org'],
    ipAddresses: ['192.0.2.7', '2001:db8::7'],
    extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
  });
  const newWithOld = await makeCross(newRoot, oldRoot);
  const folder = temporaryFolder();
  const files = { oldRoot: oldRoot.certificate, newRoot: newRoot.certificate };
  for (const [name, { der }] of Object.entries({ ...files, newWithOld, leaf: leaf.certificate })) {
    writeFileSync(join(folder, `${name}.pem`), encodePem('CERTIFICATE', der));
  }
  return { oldRoot, newRoot, newWithOld, leaf, folder };
}

describe.each(KEY_SPECS)('%s', (spec) => {
  let made: Made;
  const run = (tool: string, ...args: readonly string[]): string =>
    execFileSync(tool, args, { cwd: made.folder, env: toolEnvironment(), encoding: 'utf8' });

  beforeAll(async () => {
    made = await make(spec);
  });

  test('the leaf says what it was made of', () => {
    const { certificate, pair } = made.leaf;
    const { der, tbs, signature, extensions, ...said } = certificate;
    expect(toHex(der)).toContain(toHex(tbs));
    expect(toHex(der)).toContain(toHex(signature));
    expect(extensions.map(({ oid }) => oid)).toHaveLength(6);
    expect(said).toEqual({
      version: 3,
      serial: expect.stringMatching(/^5a[0-9a-f]{32}$/u),
      issuer: made.newRoot.certificate.subject,
      subject: expect.objectContaining({
        text: 'CN=web1.example.com,O=Äpfel & Söhne,C=DE',
        attributes: [
          { type: 'C', value: 'DE' },
          { type: 'O', value: 'Äpfel & Söhne' },
          { type: 'CN', value: 'web1.example.com' },
        ],
      }),
      notBefore: NOW - 3600,
      notAfter: NOW + 100 * 86_400,
      datesOfWrongForm: false,
      spki: pair.spki,
      key: spec,
      signatureAlgorithm: made.newRoot.signer.algorithm,
      signatureAlgorithmName: 'ecdsa-with-SHA256',
      subjectKeyId: toHex(keyIdOf(pair.spki)),
      authorityKeyId: toHex(keyIdOf(made.newRoot.pair.spki)),
      authorityHasIssuerAndSerial: false,
      isCa: false,
      basicConstraintsCritical: true,
      pathLength: null,
      keyUsage: spec.startsWith('rsa:')
        ? ['digitalSignature', 'keyEncipherment']
        : ['digitalSignature'],
      extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
      dnsNames: ['web1.example.com', '*.example.org'],
      ipAddresses: ['192.0.2.7', '2001:db8::7'],
      emailAddresses: [],
      uris: [],
    });
  });

  test('the root and the cross-certificate are CAs without a path length', () => {
    for (const certificate of [made.oldRoot.certificate, made.newWithOld]) {
      expect(certificate).toMatchObject({
        version: 3,
        isCa: true,
        basicConstraintsCritical: true,
        pathLength: null,
        keyUsage: ['keyCertSign', 'cRLSign'],
        extendedKeyUsage: null,
        authorityHasIssuerAndSerial: false,
        authorityKeyId: toHex(keyIdOf(made.oldRoot.pair.spki)),
        signatureAlgorithmName: SIGNATURES[spec],
      });
    }
    expect(made.oldRoot.certificate.key).toBe(spec);
    expect(made.newWithOld.subject).toEqual(made.newRoot.certificate.subject);
    expect(made.newWithOld.spki).toEqual(made.newRoot.certificate.spki);
  });

  test('none of them breaks a rule', () => {
    const { oldRoot, newRoot, newWithOld, leaf } = made;
    expect(lintIssued(oldRoot.certificate, oldRoot.certificate)).toEqual([]);
    expect(lintIssued(newRoot.certificate, newRoot.certificate)).toEqual([]);
    expect(lintIssued(newWithOld, oldRoot.certificate)).toEqual([]);
    expect(lintIssued(leaf.certificate, newRoot.certificate)).toEqual([]);
  });

  openssl('openssl verifies both paths, strictly', () => {
    const strict = ['verify', '-x509_strict', '-check_ss_sig', '-attime', String(NOW)];
    const purpose = ['-purpose', 'sslserver', '-verify_hostname', 'web1.example.com'];
    const byNew = run('openssl', ...strict, ...purpose, '-CAfile', 'newRoot.pem', 'leaf.pem');
    const cross = ['-CAfile', 'oldRoot.pem', '-untrusted', 'newWithOld.pem'];
    const byOld = run('openssl', ...strict, ...purpose, ...cross, 'leaf.pem');
    expect([byNew, byOld]).toEqual(['leaf.pem: OK\n', 'leaf.pem: OK\n']);
    const wrong = ['-CAfile', 'oldRoot.pem', 'leaf.pem'];
    const alone = spawnSync('openssl', [...strict, ...wrong], { cwd: made.folder });
    expect(alone.status).not.toBe(0);
  });

  openssl('openssl reads the same facts', () => {
    const text = run(
      'openssl',
      'x509',
      '-in',
      'leaf.pem',
      '-noout',
      '-text',
      '-nameopt',
      'RFC2253,utf8,-esc_msb',
    );
    const plain = text.replace(/\s+/gu, ' ');
    const { serial, subjectKeyId, authorityKeyId } = made.leaf.certificate;
    const colons = (hex: string | null): string =>
      (hex ?? '').toUpperCase().replace(/..(?=.)/gu, '$&:');
    expect(plain).toContain('Version: 3 (0x2)');
    expect(plain).toContain(`Serial Number: ${colons(serial).toLowerCase()}`);
    expect(plain).toContain('Subject: CN=web1.example.com,O=Äpfel & Söhne,C=DE');
    expect(plain).toContain(
      'Not Before: Nov 21 04:26:19 2026 GMT Not After : Mar 1 05:26:19 2027 GMT',
    );
    expect(plain).toContain('X509v3 Basic Constraints: critical CA:FALSE');
    expect(plain).toContain('X509v3 Key Usage: critical Digital Signature');
    expect(plain.includes('Key Encipherment')).toBe(spec.startsWith('rsa:'));
    expect(plain).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
    expect(plain).toContain(
      'DNS:web1.example.com, DNS:*.example.org, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7',
    );
    expect(plain).toContain(`X509v3 Subject Key Identifier: ${colons(subjectKeyId)}`);
    expect(plain).toContain(`X509v3 Authority Key Identifier: ${colons(authorityKeyId)}`);
  });

  keytool('keytool reads each', () => {
    for (const name of ['oldRoot', 'newRoot', 'newWithOld', 'leaf']) {
      const printed = run('keytool', '-printcert', '-file', `${name}.pem`);
      expect(printed).toContain('Serial number: 5a');
      expect(printed).toContain('KeyIdentifier [');
      expect(printed).toContain(name === 'leaf' ? 'DNSName: web1.example.com' : 'CA:true');
    }
  });

  test('node:crypto and @peculiar/x509 read the same facts', () => {
    const { leaf, newRoot, oldRoot, newWithOld } = made;
    for (const { der, ...said } of [
      leaf.certificate,
      newRoot.certificate,
      oldRoot.certificate,
      newWithOld,
    ]) {
      const node = new X509Certificate(der);
      const other = new peculiar.X509Certificate(Uint8Array.from(der));
      const ski = other.getExtension(peculiar.SubjectKeyIdentifierExtension);
      const aki = other.getExtension(peculiar.AuthorityKeyIdentifierExtension);
      const constraints = other.getExtension(peculiar.BasicConstraintsExtension);
      const san = other.getExtension(peculiar.SubjectAlternativeNameExtension);
      expect(node.serialNumber.toLowerCase()).toBe(said.serial);
      expect(other.serialNumber).toBe(said.serial);
      expect(formatTime(said.notBefore)).toBe(other.notBefore.toISOString().replace('.000', ''));
      expect(formatTime(said.notAfter)).toBe(other.notAfter.toISOString().replace('.000', ''));
      expect(Buffer.compare(Buffer.from(other.publicKey.rawData), said.spki)).toBe(0);
      expect(ski?.keyId).toBe(said.subjectKeyId);
      expect(aki?.keyId).toBe(said.authorityKeyId);
      expect(constraints).toMatchObject({ ca: said.isCa, critical: true });
      const items = san?.names.items ?? [];
      expect(items.filter(({ type }) => type === 'dns').map(({ value }) => value)).toEqual(
        said.dnsNames,
      );
      expect(node.ca).toBe(said.isCa);
    }
    expect(
      new X509Certificate(leaf.certificate.der).verify(
        new X509Certificate(newRoot.certificate.der).publicKey,
      ),
    ).toBe(true);
    expect(
      new X509Certificate(newWithOld.der).verify(
        new X509Certificate(oldRoot.certificate.der).publicKey,
      ),
    ).toBe(true);
  });
});
