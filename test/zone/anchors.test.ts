import { describe, expect, test } from '@jest/globals';
import { parseAnchorAlias, suggestAlias } from '../../src/zone/anchor-alias.js';
import { decideAnchors } from '../../src/zone/decide-anchors.js';
import { parseFingerprint } from '../../src/zone/parse-fingerprint.js';
import type { TrustAnchor } from '../../src/zone/trust-anchor.js';
import { refusalOf } from '../support/refusal-of.js';

const print = (digit: string): string => digit.repeat(64);
const anchor = (alias: string, digit: string): TrustAnchor => {
  return { alias, certificate: print(digit), source: 'external', since: 1 };
};

describe('aliases', () => {
  test.each(['partner', 'Partner-Root_2.0', 'x', 'a'.repeat(64)])('%s can be one', (alias) => {
    expect(parseAnchorAlias(alias)).toBe(alias);
  });

  test.each([
    ['', 'empty'],
    ['a'.repeat(65), 'too long'],
    ['-Z', 'an option'],
    ['../x', 'a path'],
    ['a b', 'a blank'],
    ['tür', 'a letter beyond ASCII'],
    ['ZONE-CA-G3', 'a root of the zone'],
  ])('%j cannot: %s', (alias) => {
    expect(refusalOf(() => parseAnchorAlias(alias)).code).toBe('policy');
  });

  test.each([
    ['Partner Root CA 2', 'partner-root-ca-2'],
    ['Tür & Tor GmbH', 'tur-tor-gmbh'],
    ['  --x--  ', 'x'],
    ['中文', 'fallback'],
    ['zone-ca-g1', 'external-zone-ca-g1'],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('%j suggests %s', (name, alias) => {
    expect(suggestAlias(name, 'fallback')).toBe(alias);
    if (alias !== 'fallback') expect(parseAnchorAlias(alias)).toBe(alias);
  });
});

describe('decideAnchors', () => {
  const present = [anchor('partner', 'a')];
  const wish = { alias: undefined, replace: false, now: 7 };

  test('a certificate is one root, however often it comes', () => {
    const roots = [
      { certificate: print('b'), name: 'New' },
      { certificate: print('b'), name: 'Again' },
      { certificate: print('a'), name: 'Known' },
    ];
    expect(decideAnchors(present, { ...wish, roots })).toEqual({
      add: [{ alias: 'new', certificate: print('b'), source: 'external', since: 7 }],
      replaced: [],
      known: present,
    });
  });

  test('an alias made from a name does not take that of another root', () => {
    const roots = [{ certificate: print('b'), name: 'Partner' }];
    expect(refusalOf(() => decideAnchors(present, { ...wish, roots })).code).toBe('policy');
    const replaced = decideAnchors(present, { ...wish, roots, replace: true });
    expect(replaced.replaced).toEqual(present);
  });

  test('one alias is for one root', () => {
    const roots = ['b', 'c'].map((digit) => ({ certificate: print(digit), name: digit }));
    const refused = refusalOf(() => decideAnchors(present, { ...wish, roots, alias: 'x' }));
    expect(refused.code).toBe('usage');
  });
});

describe('parseFingerprint', () => {
  const pairs = 'AB'.repeat(32).match(/../gu)?.join(':') ?? '';
  test.each([
    ['ab'.repeat(32)],
    [pairs],
    [`sha256 Fingerprint=${pairs}`],
    [`SHA256:${'AB'.repeat(32)}`],
    [` ${pairs} `],
  ])('reads %s', (text) => {
    expect(parseFingerprint(text)).toBe('ab'.repeat(32));
  });

  test.each(['', 'ab', 'zz'.repeat(32), 'ab'.repeat(33), 'ab'.repeat(20), 'ab'.repeat(16)])(
    'refuses %j',
    (text) => {
      expect(refusalOf(() => parseFingerprint(text)).code).toBe('usage');
    },
  );
});
