import { beforeAll, describe, expect, test } from '@jest/globals';
import { concatBytes } from '../../src/encoding/bytes.js';
import { ZmintError } from '../../src/errors.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { makeLeaf, makeRoot } from '../support/issue-for-test.js';

let leaf: Uint8Array;

beforeAll(async () => {
  leaf = (await makeLeaf('web1.example.com', await makeRoot('CA'))).certificate.der;
});

describe('bytes that were changed', () => {
  const survives = (bytes: Uint8Array): void => {
    try {
      parseCertificate(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(ZmintError);
      expect(error).toMatchObject({ code: 'unreadable' });
    }
  };

  test('each single bit', () => {
    for (let bit = 0; bit < leaf.length * 8; bit += 1) {
      const bent = Uint8Array.from(leaf);
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      survives(bent);
    }
  });

  test('each byte made 00, 80 and FF', () => {
    for (const octet of [0x00, 0x80, 0xff]) {
      for (let index = 0; index < leaf.length; index += 1) {
        const bent = Uint8Array.from(leaf);
        bent[index] = octet;
        survives(bent);
      }
    }
  });

  test('each byte left out, and each place to cut', () => {
    for (let index = 0; index < leaf.length; index += 1) {
      survives(concatBytes([leaf.subarray(0, index), leaf.subarray(index + 1)]));
      expect(() => parseCertificate(leaf.subarray(0, index))).toThrow(ZmintError);
    }
  });
});
