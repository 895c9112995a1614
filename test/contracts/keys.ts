import { beforeAll, describe, expect, test } from '@jest/globals';
import { assertCanonicalDer } from '../../src/encoding/der.js';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import { decodePem } from '../../src/encoding/pem.js';
import { decodeUtf8 } from '../../src/encoding/utf8.js';
import type { KeyPair, Keys } from '../../src/ports/keys.js';
import { describePublicKey } from '../../src/x509/public-key.js';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';

/** Without those that take seconds to make. */
const QUICK_SPECS: readonly KeySpec[] = KEY_SPECS.filter(
  (spec) => spec !== 'rsa:3072' && spec !== 'rsa:4096',
);
const POINT_OCTETS = { 'ec:P-256': 65, 'ec:P-384': 97, 'ec:P-521': 133 } as const;
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

    test.each(KEY_SPECS)('%s: of many pairs each is whole and another', async (spec) => {
      const count = QUICK_SPECS.includes(spec) ? 5 : 2;
      const pairs = await keys.generateMany(spec, count);
      expect(new Set(pairs.map(({ spki }) => toHex(spki))).size).toBe(count);
      for (const pair of pairs) {
        expect(toHex((await keys.pairOf(pair.pkcs8)).spki)).toBe(toHex(pair.spki));
        expect(pair.spec).toBe(spec);
        assertCanonicalDer(pair.pkcs8);
      }
      const [first, ...others] = pairs;
      first?.pkcs8.fill(0);
      for (const pair of others) await expect(keys.pairOf(pair.pkcs8)).resolves.toBeDefined();
    });

    test.each(KEY_SPECS)('%s: many signatures come in their order', async (spec) => {
      const signer = await keys.signer(pairFor(spec).pkcs8);
      const list = Array.from({ length: 30 }, (_, index) => new Uint8Array(index).fill(index));
      const signatures = await signer.signMany(list);
      expect(signatures).toHaveLength(30);
      signatures.forEach((signature, index) => {
        const data = list[index] ?? DATA;
        expect(keys.verify(signer.spki, signer.algorithm, data, signature)).toBe(true);
      });
    });

    test.each(QUICK_SPECS)('%s: none are made or signed when none are asked for', async (spec) => {
      const signer = await keys.signer(pairFor(spec).pkcs8);
      expect(await keys.generateMany(spec, 0)).toEqual([]);
      expect(await signer.signMany([])).toEqual([]);
    });

    test('the event loop goes round while many keys are made and many things signed', async () => {
      const signer = await keys.signer(pairFor('ec:P-256').pkcs8);
      const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
        let turns = 0;
        const timer = setInterval(() => (turns += 1), 0);
        await work();
        clearInterval(timer);
        return turns;
      };
      const list = new Array<Uint8Array>(2000).fill(DATA);
      expect(await turnsDuring(() => keys.generateMany('ec:P-256', 2000))).toBeGreaterThan(3);
      expect(await turnsDuring(() => signer.signMany(list))).toBeGreaterThan(3);
    });

    test.each(QUICK_SPECS)('%s: a signer that is closed signs no more', async (spec) => {
      const signer = await keys.signer(pairFor(spec).pkcs8);
      const begun = signer.signMany(new Array<Uint8Array>(1000).fill(DATA));
      signer.close();
      await expect(signer.sign(DATA)).rejects.toMatchObject({ code: 'bug' });
      await expect(signer.signMany([DATA])).rejects.toMatchObject({ code: 'bug' });
      await expect(begun).rejects.toMatchObject({ code: 'bug' });
    });

    test('a signer outlives the wiping of its PKCS#8', async () => {
      const pkcs8 = Uint8Array.from(pairFor('ec:P-256').pkcs8);
      const signer = await keys.signer(pkcs8);
      pkcs8.fill(0);
      const signature = await signer.sign(DATA);
      expect(keys.verify(signer.spki, signer.algorithm, DATA, signature)).toBe(true);
    });

    test.each(['ec:P-256', 'ec:P-384', 'ec:P-521'] as const)(
      '%s: a private key with the public key of another is refused',
      async (spec) => {
        const [own, other] = await keys.generateMany(spec, 2);
        const bent = Uint8Array.from(own?.pkcs8 ?? []);
        const point = (other?.spki ?? bent).subarray(-POINT_OCTETS[spec]);
        bent.set(point, bent.length - point.length);
        await expect(keys.pairOf(bent)).rejects.toMatchObject({ code: 'unreadable' });
        await expect(keys.signer(bent)).rejects.toMatchObject({ code: 'unreadable' });
      },
    );

    test('a private key on P-256 that is 0, or the order of the curve, is refused', async () => {
      const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
      for (const scalar of ['00'.repeat(32), order]) {
        const bent = Uint8Array.from(pairFor('ec:P-256').pkcs8);
        bent.set(fromHex(scalar), 36);
        await expect(keys.pairOf(bent)).rejects.toMatchObject({ code: 'unreadable' });
      }
    });

    test('an RSA key with the modulus of another is refused', async () => {
      const [own, other] = await keys.generateMany('rsa:2048', 2);
      const modulus = (other?.spki ?? new Uint8Array()).subarray(-5 - 256, -5);
      const at = toHex(own?.pkcs8 ?? modulus).indexOf(
        toHex((own?.spki ?? modulus).subarray(-5 - 256, -5)),
      );
      const bent = Uint8Array.from(own?.pkcs8 ?? []);
      bent.set(modulus, at / 2);
      await expect(keys.pairOf(bent)).rejects.toMatchObject({ code: 'unreadable' });
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
