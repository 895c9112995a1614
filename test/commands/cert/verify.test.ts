import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { encodePem } from '../../../src/encoding/pem.js';
import { toHex } from '../../../src/encoding/hex.js';
import { createNodeDigest } from '../../../src/adapters/crypto/digest.js';
import { makeCross, makeLeaf, makeRoot, NOW } from '../../support/issue-for-test.js';
import { runZmint, type Ran } from '../../support/run-zmint.js';
import { signedCrl } from '../../support/signed-crl.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const file = (name: string): string => join(folder, name);
const pem = (der: Uint8Array): string => encodePem('CERTIFICATE', der);
const AT = ['--at', new Date(NOW * 1000).toISOString()];
let fingerprint = '';

beforeAll(async () => {
  const oldRoot = await makeRoot('G1');
  const newRoot = await makeRoot('G2');
  const leaf = await makeLeaf('web1.example.com', newRoot);
  const cross = await makeCross(newRoot, oldRoot);
  const crl = await signedCrl({ issuer: newRoot, revoked: [{ certificate: leaf.certificate }] });
  fingerprint = createNodeDigest().sha256(leaf.certificate.der);
  writeFileSync(file('leaf.der'), leaf.certificate.der);
  writeFileSync(file('leaf.pem'), pem(leaf.certificate.der));
  writeFileSync(file('chain.pem'), `${pem(leaf.certificate.der)}text\n${pem(cross.der)}`);
  writeFileSync(file('cross.pem'), pem(cross.der));
  writeFileSync(file('old.pem'), pem(oldRoot.certificate.der));
  writeFileSync(file('new.pem'), pem(newRoot.certificate.der));
  writeFileSync(file('new.crl'), encodePem('X509 CRL', crl.der));
  const bent = pem(newRoot.certificate.der.subarray(0, -1));
  writeFileSync(file('bundle.pem'), `${bent}${pem(newRoot.certificate.der)}`);
  writeFileSync(file('junk'), toHex(leaf.certificate.der));
});

function verify(name: string, ...words: readonly string[]): Promise<Ran> {
  return runZmint('cert', 'verify', file(name), ...AT, ...words);
}

describe('exit statuses', () => {
  test('0: valid, with the path', async () => {
    const { status, out, err } = await verify('leaf.der', '--trust', file('new.pem'));
    expect([status, err]).toEqual([0, '']);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'valid at 2026-11-21T05:26:19Z',
      'path, the certificate first:',
      `  CN=web1.example.com  sha256:${fingerprint}`,
    ]);
  });

  test('0: certificates behind the first one, and untrusted files, stand between', async () => {
    expect((await verify('chain.pem', '--trust', file('old.pem'))).status).toBe(0);
    const words = ['--untrusted', file('cross.pem'), '--trust', file('old.pem')];
    expect((await verify('leaf.pem', ...words)).status).toBe(0);
  });

  test('22: not trusted', async () => {
    const { status, out } = await verify('leaf.pem', '--trust', file('old.pem'));
    expect(status).toBe(22);
    expect(out).toContain(
      '"CN=web1.example.com" is issued by "CN=G2", whose certificate is missing',
    );
    expect(out).toContain('issuer-missing, RFC 5280 §6.1.3');
  });

  test('22: another name and another purpose, both told', async () => {
    const words = ['--trust', file('new.pem'), '--name', 'web2.example.com', '--eku', 'clientAuth'];
    const { status, out } = await verify('leaf.pem', ...words);
    expect(status).toBe(22);
    expect(out).toContain('is not for web2.example.com: it is for web1.example.com');
    expect(out).toContain('is not for the purpose 1.3.6.1.5.5.7.3.2');
  });

  test('22: revoked', async () => {
    const words = ['--trust', file('new.pem'), '--crl', file('new.crl')];
    const { status, out } = await verify('leaf.pem', ...words);
    expect(status).toBe(22);
    expect(out).toContain('"CN=web1.example.com" was revoked');
  });

  test('23: only the dates speak against it', async () => {
    const words = ['--trust', file('new.pem'), '--at', '2040-01-01T00:00:00Z'];
    expect((await runZmint('cert', 'verify', file('leaf.pem'), ...words)).status).toBe(23);
  });

  test('20: a file that cannot be read, or has nothing of the kind', async () => {
    expect((await verify('junk', '--trust', file('new.pem'))).status).toBe(20);
    expect((await verify('leaf.pem', '--trust', file('new.crl'))).status).toBe(20);
    expect((await verify('leaf.pem', '--trust', file('nowhere'))).status).toBe(20);
    const words = ['--trust', file('new.pem'), '--crl', file('old.pem')];
    expect((await verify('leaf.pem', ...words)).status).toBe(20);
  });

  test('2: nothing trusted, and words that mean nothing', async () => {
    expect((await verify('leaf.pem')).status).toBe(2);
    for (const word of ['--name=*.test', '--eku=flying', '--policy=gold', '--max-depth=-1']) {
      expect((await verify('leaf.pem', '--trust', file('new.pem'), word)).status).toBe(2);
    }
  });
});

test('one certificate of a bundle that cannot be read is passed over, and told', async () => {
  const { status, err } = await verify('leaf.pem', '--trust', file('bundle.pem'));
  expect(status).toBe(0);
  expect(err).toContain(`zmint: passed over ${file('bundle.pem')}, block 1`);
});

test('JSON names certificates by subject and fingerprint', async () => {
  const { status, out } = await verify('leaf.pem', '--trust', file('old.pem'), '--json');
  expect(status).toBe(22);
  const certificate = { subject: 'CN=web1.example.com', sha256: fingerprint };
  expect(JSON.parse(out)).toEqual({
    schema: 'zmint.cert-verify/1',
    valid: false,
    verdict: 'invalid',
    at: '2026-11-21T05:26:19Z',
    certificate,
    path: [certificate],
    problems: [
      {
        code: 'issuer-missing',
        certificate,
        rfc: 'RFC 5280 §6.1.3',
        message: '"CN=web1.example.com" is issued by "CN=G2", whose certificate is missing',
      },
    ],
    policies: [],
    passedOver: [],
  });
});
