import { beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import type { Signer } from '../../src/ports/keys.js';
import type { ProvidedKey, TokenKeys } from '../../src/ports/token-keys.js';
import { describePublicKey } from '../../src/x509/public-key.js';
import type { KeySpec } from '../../src/zone/key-spec.js';
import { parseKeyUri, type KeyUri } from '../../src/zone/key-uri.js';

/** A token without keys, as a program sees it that has just started. */
export interface TokenSubject {
  readonly modulePath: string;
  readonly label: string;
  readonly pin: string;
  /** What a new process sees of the same token. */
  readonly start: () => TokenKeys;
}

const DATA = new TextEncoder().encode('what is signed');
const FRESH = 'aa'.repeat(20);

/** What src/ports/token-keys.ts promises, for the kinds of keys that the token makes. */
export function tokenKeysContract(
  name: string,
  specs: readonly KeySpec[],
  make: () => Promise<TokenSubject>,
): void {
  describe(`token keys: ${name}`, () => {
    const keys = createNodeKeys();
    const [spec = 'ec:P-256'] = specs;
    let subject: TokenSubject;
    let tokens: TokenKeys;

    beforeEach(async () => {
      subject = await make();
      tokens = subject.start();
    });

    const uriOf = (words: string): KeyUri =>
      parseKeyUri(`pkcs11:token=${subject.label};${words}?module-path=${subject.modulePath}`).uri;
    const readPin = (pin = subject.pin) => {
      return (): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode(pin));
    };
    const provide = (words = 'object=ca', wanted = spec, freshId = FRESH): Promise<ProvidedKey> =>
      tokens.provide({ uri: uriOf(words), spec: wanted, freshId }, readPin());
    const restart = (): void => {
      tokens.close();
      tokens = subject.start();
    };
    const verifies = async (signer: Signer): Promise<boolean> => {
      const signature = await signer.sign(DATA);
      const other = Uint8Array.from([...DATA, 0]);
      return (
        keys.verify(signer.spki, signer.algorithm, DATA, signature) &&
        !keys.verify(signer.spki, signer.algorithm, other, signature)
      );
    };

    test.each(specs)('%s: a key is made, found again and signs', async (wanted) => {
      const made = await provide('object=ca', wanted);
      expect(made).toMatchObject({ isNew: true, uri: { object: 'ca', id: FRESH } });
      expect(describePublicKey(made.signer.spki)).toBe(wanted);
      expect(await verifies(made.signer)).toBe(true);
      restart();
      const opened = await tokens.open(made.uri, made.signer.spki, readPin());
      expect(opened.spki).toEqual(made.signer.spki);
      expect(await verifies(opened)).toBe(true);
      tokens.close();
    });

    test('a key that is there is used and never overwritten', async () => {
      const first = await provide();
      restart();
      const again = await provide('object=ca', spec, 'bb'.repeat(20));
      expect(again).toMatchObject({ isNew: false, uri: first.uri });
      expect(again.signer.spki).toEqual(first.signer.spki);
      const other = await provide('object=ca-g2', spec, 'cc'.repeat(20));
      expect(other.isNew).toBe(true);
      expect(other.signer.spki).not.toEqual(first.signer.spki);
      expect((await tokens.look(first.uri)).publicKeys).toHaveLength(2);
      tokens.close();
    });

    test('many signatures come in their order, and none after the key was closed', async () => {
      const { signer } = await provide();
      const list = Array.from({ length: 30 }, (_, index) => new Uint8Array(index).fill(index));
      const signatures = await signer.signMany(list);
      signatures.forEach((signature, index) => {
        const data = list[index] ?? DATA;
        expect(keys.verify(signer.spki, signer.algorithm, data, signature)).toBe(true);
      });
      signer.close();
      await expect(signer.sign(DATA)).rejects.toMatchObject({ code: 'bug' });
      await expect(signer.signMany([DATA])).rejects.toMatchObject({ code: 'bug' });
      tokens.close();
    });

    test('two keys of one token sign at the same time', async () => {
      const [one, two] = [await provide(), await provide('object=two', spec, 'dd'.repeat(20))];
      const both = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two).signer);
      expect(await Promise.all(both.map(verifies))).toEqual(both.map(() => true));
      tokens.close();
    });

    test('I-21: a wrong PIN is wrong-passphrase, and the token is not asked again', async () => {
      await provide();
      restart();
      let asked = 0;
      const wrong = (): Promise<Uint8Array> => {
        asked += 1;
        return readPin('999999')();
      };
      const refused = { code: 'wrong-passphrase' };
      await expect(tokens.unlock(uriOf('object=ca'), wrong)).rejects.toMatchObject(refused);
      const order = { uri: uriOf('object=ca'), spec, freshId: FRESH };
      await expect(tokens.provide(order, wrong)).rejects.toMatchObject(refused);
      expect(asked).toBe(1);
      restart();
      expect((await provide()).isNew).toBe(false);
      tokens.close();
    });

    test('what is not there is not-found, and the key of another certificate is damaged', async () => {
      const { uri, signer } = await provide();
      const { spki } = await keys.generate(spec);
      const other = tokens.open(uri, spki, readPin());
      await expect(other).rejects.toMatchObject({ code: 'damaged' });
      const absent = tokens.open(uriOf('object=none'), signer.spki, readPin());
      await expect(absent).rejects.toMatchObject({ code: 'not-found' });
      tokens.close();
    });

    test('another token, or another module, is token-unavailable', async () => {
      const gone = { code: 'token-unavailable' };
      const [name_, module] = [subject.label, subject.modulePath];
      const other = parseKeyUri(`pkcs11:token=${name_}x;object=ca?module-path=${module}`).uri;
      await expect(tokens.look(other)).rejects.toMatchObject(gone);
      await expect(tokens.unlock(other, readPin())).rejects.toMatchObject(gone);
      const none = parseKeyUri(`pkcs11:token=${name_};object=ca?module-path=/nowhere.so`).uri;
      await expect(tokens.look(none)).rejects.toMatchObject(gone);
      tokens.close();
    });

    test('without a PIN the token and its public keys are seen', async () => {
      const { uri, signer } = await provide();
      restart();
      const view = await tokens.look(uri);
      expect(view).toMatchObject({ label: subject.label, isPinLocked: false });
      expect(view.publicKeys).toEqual([{ object: 'ca', id: FRESH, key: spec, spki: signer.spki }]);
      tokens.close();
    });
  });
}
