import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import { decodePem } from '../../src/encoding/pem.js';
import { makeRequest } from '../../src/operations/make-request.js';
import { parseCertificationRequest } from '../../src/x509/certification-request.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const CTX = { keys: createNodeKeys(), digest: createNodeDigest() };
const hasCerttool = requireTool('certtool');

async function csrFile(keySpec: KeySpec, cn = 'web1.example.com'): Promise<string> {
  const { csr } = await makeRequest(CTX, {
    memberId: 'm',
    name: 'web1',
    number: 1,
    supersedes: null,
    subject: encodeDistinguishedName([
      { type: 'C', value: 'DE' },
      { type: 'O', value: 'Zürich „Nord“' },
      ...(cn === '' ? [] : [{ type: 'CN' as const, value: cn }]),
    ]),
    dnsNames: ['web1.example.com', '*.example.com'],
    ipAddresses: ['192.0.2.7', '2001:db8::7'],
    keySpec,
  });
  const file = join(temporaryFolder(), 'server.csr');
  writeFileSync(file, csr);
  return file;
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { env: toolEnvironment(), encoding: 'utf8', stdio: 'pipe' });

describe.each(KEY_SPECS)('a request with a key %s', (spec) => {
  test('verifies for OpenSSL, which reads every name in it', async () => {
    const file = await csrFile(spec);
    const text = run('openssl', 'req', '-in', file, '-noout', '-verify', '-text');
    expect(text).toContain('CN = web1.example.com');
    expect(text).toContain('DNS:web1.example.com, DNS:*.example.com');
    expect(text).toContain('IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7');
    expect(text).toContain('TLS Web Server Authentication');
    expect(text).toContain('CA:FALSE');
    expect(text).toMatch(spec.startsWith('rsa:') ? /Key Encipherment/u : /Digital Signature\n/u);
  });

  (hasCerttool ? test : test.skip)('verifies for GnuTLS', async () => {
    const text = run('certtool', '--crq-info', '--infile', await csrFile(spec));
    expect(text).toContain('DNSname: *.example.com');
    expect(text).toContain('IPAddress: 2001:db8::7');
    expect(text).not.toMatch(/not verified|failed/iu);
  });
});

describe('what a request says', () => {
  test('is read back by the own reader: subject, key and extensions', async () => {
    const { csr, spkiSha256 } = await makeRequest(CTX, {
      memberId: 'm',
      name: 'web1',
      number: 1,
      supersedes: null,
      subject: encodeDistinguishedName([{ type: 'CN', value: 'web1.example.com' }]),
      dnsNames: ['web1.example.com'],
      ipAddresses: [],
      keySpec: 'ec:P-384',
    });
    const [block] = decodePem(csr);
    expect(block?.label).toBe('CERTIFICATE REQUEST');
    const read = parseCertificationRequest(block?.der ?? new Uint8Array());
    expect(read.subject.text).toBe('CN=web1.example.com');
    expect(read.key).toBe('ec:P-384');
    expect(CTX.digest.sha256(read.spki)).toBe(spkiSha256);
    expect(read.extensions.map(({ oid }) => oid)).toEqual([
      EXTENSION.basicConstraints,
      EXTENSION.keyUsage,
      EXTENSION.extendedKeyUsage,
      EXTENSION.subjectAltName,
    ]);
  });
});
