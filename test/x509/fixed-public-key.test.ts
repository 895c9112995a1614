import { beforeAll, describe, expect, test } from '@jest/globals';
import { readDer } from '../../src/encoding/der.js';
import { fieldsOf } from '../../src/encoding/der-fields.js';
import { TAG } from '../../src/encoding/der-tag.js';
import { findFixedPublicKey, FIXED_PUBLIC_KEYS } from '../../src/x509/fixed-public-key.js';
import {
  describeKeyElement,
  describePublicKey,
  keyIdentifierInput,
} from '../../src/x509/public-key.js';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';
import { keys } from '../support/issue-for-test.js';
import { refusalOf } from '../support/refusal-of.js';

const spkis = new Map<KeySpec, Uint8Array>();
const spkiOf = (spec: KeySpec): Uint8Array => spkis.get(spec) ?? new Uint8Array();

beforeAll(async () => {
  for (const spec of KEY_SPECS) spkis.set(spec, (await keys.generate(spec)).spki);
});

/** The octets in the BIT STRING, read element by element. */
function bitsOf(spki: Uint8Array): Uint8Array {
  const fields = fieldsOf(readDer(spki), TAG.sequence, 'the key');
  fields.any('algorithm');
  return fields.next(TAG.bitString, 'bits').content.subarray(1);
}

describe.each(KEY_SPECS)('%s', (spec) => {
  test('at first sight it is what reading it says', () => {
    const spki = spkiOf(spec);
    expect(findFixedPublicKey(spki)?.kind).toBe(spec.startsWith('rsa') ? undefined : spec);
    expect(describePublicKey(spki)).toBe(describeKeyElement(readDer(spki)));
    expect(keyIdentifierInput(spki)).toEqual(bitsOf(spki));
  });
});

describe.each(Object.values(FIXED_PUBLIC_KEYS))('$kind', ({ kind, header, length }) => {
  const spki = (): Uint8Array => spkiOf(kind as KeySpec);

  test('a key with another octet in front of it is none of the kind', () => {
    for (const index of header.keys()) {
      const bent = Uint8Array.from(spki());
      bent[index] = (bent[index] ?? 0) ^ 0x01;
      expect(findFixedPublicKey(bent)).toBeUndefined();
    }
  });

  test('a key with an octet more or less is none of the kind, and no key', () => {
    for (const wrong of [spki().subarray(0, length - 1), Uint8Array.from([...spki(), 0])]) {
      expect(findFixedPublicKey(wrong)).toBeUndefined();
      expect(refusalOf(() => describePublicKey(wrong)).code).toBe('unreadable');
    }
  });
});
