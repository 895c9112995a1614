import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { fromHex } from '../../../src/encoding/hex.js';
import { keysContract } from '../../contracts/keys.js';

const PKCS8 = { format: 'der', type: 'pkcs8' } as const;
const SPKI = { format: 'der', type: 'spki' } as const;
const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
const bitcoin = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
const good = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const locked = good.privateKey.export({ ...PKCS8, cipher: 'aes-256-cbc', passphrase: 'secret' });

keysContract('node:crypto', createNodeKeys, [
  ['RSA of 1024 bits', small.privateKey.export(PKCS8)],
  ['a curve that zmint does not use', bitcoin.privateKey.export(PKCS8)],
  ['RSA for PSS only', pss.privateKey.export(PKCS8)],
  ['X25519, which cannot sign', generateKeyPairSync('x25519').privateKey.export(PKCS8)],
  ['Ed448', generateKeyPairSync('ed448').privateKey.export(PKCS8)],
  ['a key locked with a passphrase', locked],
  ['SEC 1 instead of PKCS#8', good.privateKey.export({ format: 'der', type: 'sec1' })],
]);

test('a signature by SHA-1 is not accepted, whatever the key', () => {
  const data = new TextEncoder().encode('data');
  const ecdsaSha1 = fromHex('300906072a8648ce3d0401');
  const signature = sign('sha1', data, good.privateKey);
  const spki = good.publicKey.export(SPKI);
  expect(createNodeKeys().verify(spki, ecdsaSha1, data, signature)).toBe(false);
});

test('the private key is the same for node:crypto', async () => {
  const { pkcs8, spki } = await createNodeKeys().generate('ec:P-256');
  const opened = createPrivateKey({ key: Buffer.from(pkcs8), ...PKCS8 });
  const data = new TextEncoder().encode('data');
  const ecdsaSha256 = fromHex('300a06082a8648ce3d040302');
  const signature = sign('sha256', data, opened);
  expect(createNodeKeys().verify(spki, ecdsaSha256, data, signature)).toBe(true);
});

test('a signature by RSA does not pass for one by ECDSA with the same hash', async () => {
  const keys = createNodeKeys();
  const data = new TextEncoder().encode('data');
  const signer = await keys.signer((await keys.generate('rsa:2048')).pkcs8);
  const signature = await signer.sign(data);
  const ecdsaSha256 = fromHex('300a06082a8648ce3d040302');
  expect(keys.verify(signer.spki, signer.algorithm, data, signature)).toBe(true);
  expect(keys.verify(signer.spki, ecdsaSha256, data, signature)).toBe(false);
});
