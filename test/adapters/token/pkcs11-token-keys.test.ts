import { runInThisContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { loadPkcs11 } from '../../../src/adapters/token/load-pkcs11.js';
import { Pkcs11TokenKeys } from '../../../src/adapters/token/pkcs11-token-keys.js';
import { CKA } from '../../../src/adapters/token/cryptoki.js';
import type { ProvidedKey, TokenKeys } from '../../../src/ports/token-keys.js';
import type { KeySpec } from '../../../src/zone/key-spec.js';
import { parseKeyUri } from '../../../src/zone/key-uri.js';
import { tokenKeysContract } from '../../contracts/token-keys.js';
import { FakeToken, fakePkcs11 } from '../../support/fake-pkcs11.js';
import { makeToken, softhsmFolder, softhsmModule } from '../../support/softhsm.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { requireTool } from '../../support/tools.js';

const PIN = '123456';
const FRESH = '0a'.repeat(20);
const keys = createNodeKeys();
const URI = parseKeyUri('pkcs11:token=zmint;object=ca?module-path=/fake/module.so').uri;
const readPin = (): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode(PIN));

function start(...tokens: readonly FakeToken[]): TokenKeys {
  return new Pkcs11TokenKeys(keys, () => Promise.resolve(fakePkcs11(tokens)));
}

function provide(token: FakeToken, spec: KeySpec = 'ed25519'): Promise<ProvidedKey> {
  return start(token).provide({ uri: URI, spec, freshId: FRESH }, readPin);
}

tokenKeysContract('a token in memory', ['ed25519'], () => {
  const token = new FakeToken();
  const modulePath = '/fake/module.so';
  return Promise.resolve({ modulePath, label: 'zmint', pin: PIN, start: () => start(token) });
});

if (requireTool('softhsm2-util')) {
  const environment = softhsmFolder(temporaryFolder());
  // The module reads the environment of the process itself, of which Jest gives tests a copy.
  Object.assign((runInThisContext('process') as NodeJS.Process).env, environment);
  let count = 0;
  tokenKeysContract('SoftHSM2', ['ec:P-256', 'ec:P-384', 'ec:P-521', 'ed25519', 'rsa:2048'], () => {
    count += 1;
    const label = `zmint-${count}`;
    makeToken(environment, label, PIN);
    const modulePath = softhsmModule();
    return Promise.resolve({
      modulePath,
      label,
      pin: PIN,
      start: () => new Pkcs11TokenKeys(keys),
    });
  });
}

describe('what a token can be like', () => {
  test('half of a pair that an attempt has left goes, and a whole one is used', async () => {
    for (const half of [0, 1]) {
      const token = new FakeToken();
      await provide(token);
      token.remove(token.objects[half]?.handle ?? 0);
      const again = await provide(token);
      expect(again.isNew).toBe(true);
      expect(token.objects).toHaveLength(2);
    }
  });

  test('half of a pair of somebody else is left alone', async () => {
    const token = new FakeToken();
    await provide(token);
    token.remove(token.objects[0]?.handle ?? 0);
    const order = { uri: URI, spec: 'ed25519' as const, freshId: '0b'.repeat(20) };
    const refused = start(token).provide(order, readPin);
    await expect(refused).rejects.toMatchObject({ code: 'policy' });
    expect(token.objects).toHaveLength(1);
  });

  test.each([
    ['could leave the token', CKA.extractable, 1],
    ['could leave the token', CKA.sensitive, 0],
    ['may not sign', CKA.sign, 0],
    ['wants its PIN for every signature', CKA.alwaysAuthenticate, 1],
  ])('a key that is there and %s (%i is %i) is refused', async (fact, attribute, value) => {
    const token = new FakeToken();
    await provide(token);
    token.privateKeys[0]?.attributes.set(attribute, Buffer.of(value));
    const refused = provide(token);
    await expect(refused).rejects.toMatchObject({ code: 'policy' });
    await expect(refused).rejects.toThrow(fact);
  });

  test('a key of another kind is key-mismatch, and its kind is named', async () => {
    const token = new FakeToken();
    await provide(token);
    const refused = provide(token, 'rsa:3072');
    await expect(refused).rejects.toMatchObject({ code: 'key-mismatch' });
    await expect(refused).rejects.toThrow('is ed25519, and rsa:3072 is wanted');
  });

  test('of two keys by one label none is chosen, unless the id says which', async () => {
    const token = new FakeToken();
    await provide(token);
    const [shown, hidden] = token.objects;
    for (const half of [shown, hidden]) {
      const attributes = [...(half?.attributes ?? [])].map(([type, value]) => ({
        type,
        value: type === CKA.id ? Buffer.of(7) : value,
      }));
      token.store(attributes, half?.key);
    }
    await expect(provide(token)).rejects.toMatchObject({ code: 'policy' });
    const uri = { ...URI, id: '07' };
    const order = { uri, spec: 'ed25519' as const, freshId: FRESH };
    expect(await start(token).provide(order, readPin)).toMatchObject({ isNew: false, uri });
  });

  test('two tokens of one label are told apart by serial number alone', async () => {
    const [one, two] = [new FakeToken(), new FakeToken()];
    const tokens = start(one, two);
    await expect(tokens.look(URI)).rejects.toMatchObject({ code: 'token-unavailable' });
    const uri = { ...URI, name: { serial: two.serial } };
    expect(await tokens.look(uri)).toMatchObject({ serial: two.serial });
  });

  test('slots that are numbered anew change nothing', async () => {
    const token = new FakeToken();
    const { uri, signer } = await provide(token);
    const others = [new FakeToken('other'), token, new FakeToken('third')];
    const opened = await start(...others).open(uri, signer.spki, readPin);
    expect(opened.spki).toEqual(signer.spki);
  });

  test('a locked token is not asked, and the last try is told', async () => {
    const token = new FakeToken();
    await provide(token);
    const wrong = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(4).fill(57));
    const attempt = (): Promise<void> => start(token).unlock(URI, wrong);
    await expect(attempt()).rejects.toThrow('is not opened by this PIN');
    await expect(attempt()).rejects.toThrow('one try is left');
    await expect(attempt()).rejects.toThrow('is locked after wrong PINs');
    const { logins } = token;
    await expect(attempt()).rejects.toMatchObject({ code: 'wrong-passphrase' });
    expect(token.logins).toBe(logins);
    expect((await start(token).look(URI)).isPinLocked).toBe(true);
  });

  test('a token that is pulled out while it signs is token-unavailable', async () => {
    const token = new FakeToken();
    const { signer } = await provide(token);
    token.isPlugged = false;
    const failed = signer.sign(new Uint8Array(3));
    await expect(failed).rejects.toMatchObject({ code: 'token-unavailable' });
    await expect(failed).rejects.toThrow('CKR_DEVICE_REMOVED');
  });

  test.each(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'])(
    'without the optional package (%s) the command to type is named',
    async (code) => {
      const missing = (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code }));
      const tokens = new Pkcs11TokenKeys(keys, () => loadPkcs11(missing));
      const refused = tokens.look(URI);
      await expect(refused).rejects.toMatchObject({
        code: 'token-unavailable',
        hint: expect.stringContaining('npm install') as unknown,
      });
    },
  );
});
