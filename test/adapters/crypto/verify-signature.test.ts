import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { verifySignature } from '../../../src/adapters/crypto/verify-signature.js';
import { decodePem } from '../../../src/encoding/pem.js';
import { parseCertificate, type Certificate } from '../../../src/x509/certificate.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';

const openssl = requireTool('openssl') ? describe : describe.skip;
const RSA = ['-newkey', 'rsa:2048'];
const PSS = ['-sigopt', 'rsa_padding_mode:pss'];

/** A root that signs itself, made by openssl. */
function selfSigned(...options: readonly string[]): Certificate {
  const folder = temporaryFolder();
  const file = join(folder, 'root.pem');
  const fixed = ['req', '-x509', '-noenc', '-subj', '/CN=test', '-keyout', join(folder, 'key.pem')];
  const args = [...fixed, '-out', file, ...options];
  const { status, stderr } = spawnSync('openssl', args, { env: toolEnvironment() });
  if (status !== 0) throw new Error(stderr.toString());
  const [block] = decodePem(readFileSync(file, 'utf8'));
  return parseCertificate(block?.der ?? new Uint8Array());
}

function verifies({ spki, signatureAlgorithm, tbs, signature }: Certificate): boolean {
  return verifySignature(spki, signatureAlgorithm, tbs, signature);
}

openssl('signatures that openssl makes', () => {
  test.each([
    ['RSA with SHA-256', [...RSA, '-sha256']],
    ['RSA with SHA-384', [...RSA, '-sha384']],
    ['RSA with SHA-512', [...RSA, '-sha512']],
    ['RSA-PSS, salt as long as the hash', [...RSA, ...PSS, '-sigopt', 'rsa_pss_saltlen:32']],
    ['RSA-PSS, another salt', [...RSA, ...PSS, '-sigopt', 'rsa_pss_saltlen:20', '-sha384']],
    [
      'RSA-PSS with a key for PSS alone',
      ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
    ],
    ['ECDSA with SHA-512', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha512']],
    ['ECDSA, brainpool', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1']],
    ['Ed25519', ['-newkey', 'ed25519']],
    ['Ed448', ['-newkey', 'ed448']],
  ])('%s', (_what, options) => {
    const certificate = selfSigned(...options);
    expect(verifies(certificate)).toBe(true);
    const tbs = Uint8Array.from(certificate.tbs);
    tbs[tbs.length - 1] = (tbs.at(-1) ?? 0) ^ 1;
    expect(verifies({ ...certificate, tbs })).toBe(false);
  });

  test.each([
    ['RSA with SHA-1', [...RSA, '-sha1']],
    ['RSA with SHA-224', [...RSA, '-sha224']],
    ['RSA-PSS with SHA-1', [...RSA, ...PSS, '-sha1']],
    ['RSA-PSS with two hashes', [...RSA, ...PSS, '-sha256', '-sigopt', 'rsa_mgf1_md:sha512']],
    ['ECDSA with SHA-1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha1']],
  ])('%s is not accepted', (_what, options) => {
    expect(verifies(selfSigned(...options))).toBe(false);
  });

  test('a key signs only in its own way', () => {
    const rsa = selfSigned(...RSA);
    const ec = selfSigned('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256');
    expect(verifies({ ...rsa, signatureAlgorithm: ec.signatureAlgorithm })).toBe(false);
    expect(verifies({ ...rsa, spki: ec.spki })).toBe(false);
  });
});
