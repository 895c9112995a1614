import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CaKeyIdentity, CaKeyPlace, KeyVault, Unlock } from '../../src/ports/key-vault.js';
import type { KeyPair, Keys } from '../../src/ports/keys.js';

/** A vault with the home of a member that holds no key yet. */
export interface KeyVaultSubject {
  readonly vault: KeyVault;
  readonly keys: Keys;
  readonly home: string;
}

/** The identity of a key in a zone. */
export function identityOf(pair: KeyPair, zoneId = 'zone-1'): CaKeyIdentity {
  return { zoneId, spkiSha256: createHash('sha256').update(pair.spki).digest('hex') };
}

/** A passphrase as its bytes. */
export function passphrase(text: string): Unlock {
  return { kind: 'passphrase', bytes: new TextEncoder().encode(text) };
}

const GOOD = passphrase('correct horse battery');
const NONE: Unlock = { kind: 'no-passphrase' };

/** What src/ports/key-vault.ts promises. */
export function keyVaultContract(name: string, make: () => Promise<KeyVaultSubject>): void {
  describe(`key vault: ${name}`, () => {
    let keys: Keys;
    let vault: KeyVault;
    let place: CaKeyPlace;
    let pair: KeyPair;

    beforeEach(async () => {
      const subject = await make();
      ({ keys, vault } = subject);
      place = { home: subject.home, generation: 1 };
      pair = await keys.generate('ec:P-256');
    });

    const signs = async (unlock: Unlock): Promise<boolean> => {
      const signer = await vault.open(place, identityOf(pair), unlock);
      const data = new TextEncoder().encode('data');
      const signature = await signer.sign(data);
      signer.close();
      return keys.verify(pair.spki, signer.algorithm, data, signature);
    };

    test.each([
      ['a passphrase', GOOD],
      ['a passphrase beyond ASCII', passphrase('Zürich – 東京 – ключ')],
      ['no passphrase', NONE],
    ])('what is sealed with %s opens and signs', async (_, unlock) => {
      await vault.seal(place, pair.pkcs8, identityOf(pair), unlock);
      expect(await signs(unlock)).toBe(true);
      expect(await vault.lockedBy(place, identityOf(pair))).toBe(unlock.kind);
    });

    test('sealing does not touch the bytes that it was given', async () => {
      const [key, phrase] = [Buffer.from(pair.pkcs8), passphrase('correct horse battery')];
      await vault.seal(place, pair.pkcs8, identityOf(pair), phrase);
      expect(Buffer.from(pair.pkcs8)).toEqual(key);
      expect(phrase).toEqual(GOOD);
    });

    test.each([
      ['another passphrase', GOOD, passphrase('correct horse batterz')],
      ['an empty passphrase', GOOD, passphrase('')],
      ['no passphrase', GOOD, NONE],
      ['a passphrase where there is none', NONE, GOOD],
    ])('I-21: %s is wrong-passphrase and changes nothing', async (_, sealed, tried) => {
      await vault.seal(place, pair.pkcs8, identityOf(pair), sealed);
      await expect(signs(tried)).rejects.toMatchObject({ code: 'wrong-passphrase' });
      expect(await signs(sealed)).toBe(true);
    });

    test('what is not there is not-found', async () => {
      const asked = vault.lockedBy(place, identityOf(pair));
      await expect(asked).rejects.toMatchObject({ code: 'not-found' });
      await expect(signs(GOOD)).rejects.toMatchObject({ code: 'not-found' });
      expect(await vault.list(place.home)).toEqual([]);
    });

    test('the key of another zone or certificate is damaged', async () => {
      await vault.seal(place, pair.pkcs8, identityOf(pair), GOOD);
      const asked = vault.lockedBy(place, identityOf(pair, 'zone-2'));
      await expect(asked).rejects.toMatchObject({ code: 'damaged' });
      const foreign = vault.open(place, identityOf(pair, 'zone-2'), GOOD);
      await expect(foreign).rejects.toMatchObject({ code: 'damaged' });
      await expect(foreign).rejects.toThrow('another zone');
      const other = identityOf(await keys.generate('ec:P-256'));
      await expect(vault.open(place, other, GOOD)).rejects.toMatchObject({ code: 'damaged' });
    });

    test('a key that is not its certificate’s is never sealed', async () => {
      const other = identityOf(await keys.generate('ec:P-256'));
      const sealed = vault.seal(place, pair.pkcs8, other, GOOD);
      await expect(sealed).rejects.toMatchObject({ code: 'key-mismatch' });
      expect(await vault.list(place.home)).toEqual([]);
    });

    test('sealing the same key again replaces its lock', async () => {
      await vault.seal(place, pair.pkcs8, identityOf(pair), GOOD);
      await vault.seal(place, pair.pkcs8, identityOf(pair), passphrase('another passphrase'));
      expect(await signs(passphrase('another passphrase'))).toBe(true);
      await expect(signs(GOOD)).rejects.toMatchObject({ code: 'wrong-passphrase' });
    });

    test('a copy is locked anew, signs, and leaves what it was made of', async () => {
      const copy = { ...place, generation: 2 };
      await vault.seal(place, pair.pkcs8, identityOf(pair), GOOD);
      await vault.copy(place, copy, identityOf(pair), GOOD);
      expect(await signs(GOOD)).toBe(true);
      await vault.discard(place);
      place = copy;
      expect(await signs(GOOD)).toBe(true);
      expect(await vault.list(place.home)).toEqual([2]);
    });

    test('what cannot be opened is not copied', async () => {
      const copy = { ...place, generation: 2 };
      const made = (unlock: Unlock): Promise<void> =>
        vault.copy(place, copy, identityOf(pair), unlock);
      await expect(made(GOOD)).rejects.toMatchObject({ code: 'not-found' });
      await vault.seal(place, pair.pkcs8, identityOf(pair), GOOD);
      await expect(made(NONE)).rejects.toMatchObject({ code: 'wrong-passphrase' });
      const foreign = identityOf(await keys.generate('ec:P-256'));
      await expect(vault.copy(place, copy, foreign, GOOD)).rejects.toMatchObject({
        code: 'damaged',
      });
      expect(await vault.list(place.home)).toEqual([1]);
    });

    test('another key never replaces one that is there', async () => {
      await vault.seal(place, pair.pkcs8, identityOf(pair), GOOD);
      const other = await keys.generate('ec:P-256');
      const sealed = vault.seal(place, other.pkcs8, identityOf(other), GOOD);
      await expect(sealed).rejects.toMatchObject({ code: 'damaged' });
      expect(await signs(GOOD)).toBe(true);
    });

    test('generations are listed by number, and discarding one leaves the others', async () => {
      for (const generation of [10, 2]) {
        await vault.seal({ ...place, generation }, pair.pkcs8, identityOf(pair), NONE);
      }
      expect(await vault.list(place.home)).toEqual([2, 10]);
      await vault.publishCertificate({ ...place, generation: 2 }, new Uint8Array([1]));
      await vault.discard({ ...place, generation: 2 });
      await vault.discard({ ...place, generation: 2 });
      expect(await vault.list(place.home)).toEqual([10]);
    });

    test('a certificate can be published again and again', async () => {
      await vault.seal(place, pair.pkcs8, identityOf(pair), NONE);
      await vault.publishCertificate(place, new Uint8Array([1]));
      await vault.publishCertificate(place, new Uint8Array([2]));
      expect(await signs(NONE)).toBe(true);
    });

    test.each([0, -1, 1.5, Number.NaN])('I-6: %p is no generation', async (generation) => {
      const unsafe = { code: 'unsafe-path' };
      const bad = { ...place, generation };
      await expect(vault.open(bad, identityOf(pair), NONE)).rejects.toMatchObject(unsafe);
      await expect(vault.discard(bad)).rejects.toMatchObject(unsafe);
      const sealed = vault.seal(bad, pair.pkcs8, identityOf(pair), NONE);
      await expect(sealed).rejects.toMatchObject(unsafe);
    });
  });
}
