import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  writeBits,
  writeDer,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { describePublicKey, keyIdentifierInput } from '../../src/x509/public-key.js';
import { refusalOf } from '../support/refusal-of.js';

const spkiOf = ({ publicKey }: { publicKey: KeyObject }): Uint8Array =>
  publicKey.export({ format: 'der', type: 'spki' });
const rsa = (modulus: Uint8Array): Uint8Array =>
  writeSequence(
    writeSequence(writeOid('1.2.840.113549.1.1.1'), fromHex('0500')),
    writeBits(writeSequence(writeUnsigned(modulus), writeUnsigned(fromHex('010001')))),
  );

describe('kinds of keys', () => {
  const ec = (namedCurve: string): Uint8Array => spkiOf(generateKeyPairSync('ec', { namedCurve }));
  test.each([
    ['ec:P-256', () => ec('P-256')],
    ['ec:P-384', () => ec('P-384')],
    ['ec:P-521', () => ec('P-521')],
    ['ec:secp256k1', () => ec('secp256k1')],
    ['ec:brainpoolP256r1', () => ec('brainpoolP256r1')],
    ['ec:1.3.132.0.16', () => ec('sect283k1')],
    ['ed25519', () => spkiOf(generateKeyPairSync('ed25519'))],
    ['ed448', () => spkiOf(generateKeyPairSync('ed448'))],
    ['x25519', () => spkiOf(generateKeyPairSync('x25519'))],
    ['rsa:1024', () => spkiOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['rsa:2048', () => spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))],
    ['rsa-pss:2048', () => spkiOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
    ['rsa:2047', () => rsa(Uint8Array.of(0x40, ...new Uint8Array(255)))],
    ['rsa:2041', () => rsa(Uint8Array.of(0x01, ...new Uint8Array(255)))],
    ['rsa:0', () => rsa(Uint8Array.of(0))],
    ['1.2.3.4', () => writeSequence(writeSequence(writeOid('1.2.3.4')), writeBits(fromHex('00')))],
  ])('%s', (key, spki) => {
    expect(describePublicKey(spki())).toBe(key);
  });
});

test('the key identifier is made over the bits of the key alone', () => {
  const spki = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  expect(keyIdentifierInput(spki)).toEqual(Uint8Array.from(spki.subarray(-65)));
  expect(keyIdentifierInput(spki)[0]).toBe(0x04);
});

describe('what is no public key', () => {
  const explicitCurve = writeSequence(writeOid('1.2.840.10045.2.1'), writeSequence());
  test.each([
    ['nothing', new Uint8Array(), 'missing'],
    ['an empty SEQUENCE', fromHex('3000'), 'no algorithm'],
    ['an algorithm alone', writeSequence(writeSequence(writeOid('1.2.3'))), 'no subjectPublicKey'],
    [
      'three fields',
      writeSequence(writeSequence(writeOid('1.2.3')), writeBits(fromHex('00')), fromHex('0500')),
      'too many',
    ],
    [
      'unused bits',
      writeSequence(writeSequence(writeOid('1.2.3')), writeDer(0x03, fromHex('0180'))),
      'whole octets',
    ],
    [
      'a curve by parameters',
      writeSequence(explicitCurve, writeBits(fromHex('04'))),
      'named curve',
    ],
    [
      'no curve',
      writeSequence(writeSequence(writeOid('1.2.840.10045.2.1')), writeBits(fromHex('04'))),
      'named curve',
    ],
    [
      'RSA that is no RSA',
      writeSequence(writeSequence(writeOid('1.2.840.113549.1.1.1')), writeBits(fromHex('04'))),
      'at byte 18',
    ],
  ])('%s', (_what, spki, fact) => {
    const refusal = refusalOf(() => describePublicKey(spki));
    expect(refusal.code).toBe('unreadable');
    expect(refusal.message).toContain(fact);
  });
});
