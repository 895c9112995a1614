import { execFileSync } from 'node:child_process';
import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { p256KeyPair } from '../../../src/adapters/crypto/p256-key.js';
import { fromHex, toHex } from '../../../src/encoding/hex.js';
import type { KeyPair } from '../../../src/ports/keys.js';
import { KEY_SPECS } from '../../../src/zone/key-spec.js';
import { refusalOf } from '../../support/refusal-of.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';

const openssl = requireTool('openssl') ? test : test.skip;
const keys = createNodeKeys();

/** What node:crypto itself writes for the key in that PKCS#8. */
function asNodeWrites(pkcs8: Uint8Array): readonly string[] {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return [toHex(key.export({ format: 'der', type: 'pkcs8' })), toHex(spki)];
}

const asHex = ({ pkcs8, spki }: KeyPair): readonly string[] => [toHex(pkcs8), toHex(spki)];

const BASE_POINT =
  '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
  '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';

describe('a private key on P-256 with leading zeros', () => {
  test('the key 1, whose point is the base point (FIPS 186-4 D.1.2.3), in all its octets', () => {
    const pair = p256KeyPair(Uint8Array.of(1), fromHex(BASE_POINT));
    expect(asHex(pair)).toEqual([
      `308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420${'00'.repeat(31)}01` +
        `a144034200${BASE_POINT}`,
      `3059301306072a8648ce3d020106082a8648ce3d030107034200${BASE_POINT}`,
    ]);
  });

  test.each([
    ['01', 1],
    ['ff', 1],
    ['0102', 2],
    [`80${'11'.repeat(29)}`, 30],
    [`01${'00'.repeat(30)}`, 31],
    [`ff${'5a'.repeat(30)}`, 31],
    [`7f${'ff'.repeat(31)}`, 32],
  ])('%s', (scalar, octets) => {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(scalar.padStart(64, '0'), 'hex');
    const given = ecdh.getPrivateKey();
    expect(given).toHaveLength(octets);
    const pair = p256KeyPair(given, ecdh.getPublicKey());
    expect(asHex(pair)).toEqual(asNodeWrites(pair.pkcs8));
    expect(toHex(pair.pkcs8)).toContain(`0420${scalar.padStart(64, '0')}a144`);
  });

  test.each([
    ['a private key of 33 octets', new Uint8Array(33).fill(1), fromHex(BASE_POINT)],
    ['a compressed point', Uint8Array.of(1), fromHex(`03${BASE_POINT.slice(2, 66)}`)],
    ['a hybrid point', Uint8Array.of(1), fromHex(`07${BASE_POINT.slice(2)}`)],
  ])('%s is refused', (_what, scalar, point) => {
    expect(refusalOf(() => p256KeyPair(scalar, point)).code).toBe('bug');
  });
});

test.each([
  ['ec:P-256', 1500],
  ['ec:P-384', 100],
  ['ec:P-521', 100],
  ['ed25519', 200],
  ['rsa:2048', 4],
  ['rsa:3072', 1],
  ['rsa:4096', 1],
] as const)('%s: %i pairs are what node:crypto itself writes', async (spec, count) => {
  const pairs = await keys.generateMany(spec, count);
  expect(pairs).toHaveLength(count);
  for (const pair of pairs) expect(asHex(pair)).toEqual(asNodeWrites(pair.pkcs8));
});

openssl.each(KEY_SPECS)('%s: openssl finds nothing wrong with the keys', async (spec) => {
  for (const { pkcs8, spki } of await keys.generateMany(spec, spec === 'rsa:4096' ? 1 : 3)) {
    const run = (...args: readonly string[]): Buffer =>
      execFileSync('openssl', ['pkey', '-inform', 'DER', ...args], {
        input: pkcs8,
        env: toolEnvironment(),
      });
    expect(run('-check', '-noout').toString()).toContain('Key is valid');
    expect(toHex(run('-pubout', '-outform', 'DER'))).toBe(toHex(spki));
  }
});
