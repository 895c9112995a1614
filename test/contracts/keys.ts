import { beforeAll, describe, expect, test } from '@jest/globals';
import { assertCanonicalDer } from '../../src/encoding/der.js';
import { decodePem } from '../../src/encoding/pem.js';
import { decodeUtf8 } from '../../src/encoding/utf8.js';
import type { KeyPair, Keys } from '../../src/ports/keys.js';
import { describePublicKey } from '../../src/x509/public-key.js';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';

/** Without those that take seconds to make. */
const QUICK_SPECS = KEY_SPECS.filter((spec) => spec !== 'rsa:3072' && spec !== 'rsa:4096');
const DATA = new TextEncoder().encode('what is signed');

/** What src/ports/keys.ts promises. `foreign`: PKCS#8 that the adapter must refuse, with the reason. */
export function keysContract(
  name: string,
  make: () => Keys,
  foreign: readonly (readonly [reason: string, pkcs8: Uint8Array])[],
): void {
  describe(`keys: ${name}`, () => {
    const keys = make();
    const pairs = new Map<KeySpec, KeyPair>();

    beforeAll(async () => {
      for (const spec of KEY_SPECS) pairs.set(spec, await keys.generate(spec));
    });

    const pairFor = (spec: KeySpec): KeyPair => {
      const pair = pairs.get(spec);
      if (pair === undefined) throw new Error(`no pair was made for ${spec}`);
      return pair;
    };

    test.each(KEY_SPECS)('%s: a pair is what was asked for, in canonical DER', (spec) => {
      const pair = pairFor(spec);
      expect(pair.spec).toBe(spec);
      expect(describePublicKey(pair.spki)).toBe(spec);
      assertCanonicalDer(pair.pkcs8);
      assertCanonicalDer(pair.spki);
    });

    test.each(QUICK_SPECS)('%s: two pairs are never the same', async (spec) => {
      expect((await keys.generate(spec)).spki).not.toEqual(pairFor(spec).spki);
    });

    test.each(KEY_SPECS)('%s: the pair of its PKCS#8 is the same pair', async (spec) => {
      const { pkcs8, spki } = pairFor(spec);
      const again = await keys.pairOf(pkcs8);
      expect({ ...again }).toEqual({ spec, pkcs8, spki });
    });

    test.each(KEY_SPECS)('%s: what is signed verifies, and nothing else does', async (spec) => {
      const pair = pairFor(spec);
      const signer = await keys.signer(pair.pkcs8);
      const signature = await signer.sign(DATA);
      const other = pairFor(spec === 'ec:P-256' ? 'ec:P-384' : 'ec:P-256').spki;
      const bent = Uint8Array.from(signature);
      bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
      const otherData = Uint8Array.from([...DATA, 0]);
      expect(signer.spec).toBe(spec);
      expect(signer.spki).toEqual(pair.spki);
      expect(keys.verify(pair.spki, signer.algorithm, DATA, signature)).toBe(true);
      expect(keys.verify(pair.spki, signer.algorithm, otherData, signature)).toBe(false);
      expect(keys.verify(pair.spki, signer.algorithm, DATA, bent)).toBe(false);
      expect(keys.verify(other, signer.algorithm, DATA, signature)).toBe(false);
      expect(keys.verify(pair.spki, signer.algorithm.subarray(1), DATA, signature)).toBe(false);
    });

    test('a signer that is closed signs no more', async () => {
      const signer = await keys.signer(pairFor('ec:P-256').pkcs8);
      signer.close();
      await expect(signer.sign(DATA)).rejects.toMatchObject({ code: 'bug' });
    });

    test('a signer outlives the wiping of its PKCS#8', async () => {
      const pkcs8 = Uint8Array.from(pairFor('ec:P-256').pkcs8);
      const signer = await keys.signer(pkcs8);
      pkcs8.fill(0);
      const signature = await signer.sign(DATA);
      expect(keys.verify(signer.spki, signer.algorithm, DATA, signature)).toBe(true);
    });

    test('the PEM of a key is PRIVATE KEY around its PKCS#8', () => {
      const { pkcs8 } = pairFor('ec:P-256');
      const [block, ...others] = decodePem(decodeUtf8(keys.pem(pkcs8)));
      expect(others).toEqual([]);
      expect({ ...block }).toEqual({
        label: 'PRIVATE KEY',
        headers: new Map(),
        der: pkcs8,
        line: 1,
      });
    });

    test.each([
      ['nothing', () => new Uint8Array()],
      ['text', () => DATA],
      ['a public key', () => pairFor('ec:P-256').spki],
      ['a key cut short', () => pairFor('ec:P-256').pkcs8.slice(0, -1)],
      ['a key with a byte behind it', () => Uint8Array.from([...pairFor('ed25519').pkcs8, 0])],
      ['the PEM of a key', () => keys.pem(pairFor('ec:P-256').pkcs8)],
      ['17 KiB', () => new Uint8Array(17_408)],
      ...foreign.map(([reason, pkcs8]) => [reason, () => pkcs8] as const),
    ])('%s is no private key that zmint uses', async (_reason, bytes) => {
      await expect(keys.pairOf(bytes())).rejects.toMatchObject({ code: 'unreadable' });
      await expect(keys.signer(bytes())).rejects.toMatchObject({ code: 'unreadable' });
    });

    test('verify is false, and no error, for anything that is not understood', () => {
      const { spki } = pairFor('ec:P-256');
      const junk = Uint8Array.of(0x30, 0x80, 1, 2, 3);
      const empty = new Uint8Array();
      for (const key of [spki, spki.slice(0, -1), junk, empty]) {
        for (const algorithm of [junk, empty, spki]) {
          expect(keys.verify(key, algorithm, DATA, junk)).toBe(false);
          expect(keys.verify(key, algorithm, empty, empty)).toBe(false);
        }
      }
    });
  });
}
