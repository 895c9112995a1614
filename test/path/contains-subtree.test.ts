import { describe, expect, test } from '@jest/globals';
import { containsSubtree } from '../../src/path/contains-subtree.js';
import type { Subtree } from '../../src/x509/name-constraints-content.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';

type Text = 'dns' | 'email' | 'uri';

function network(address: readonly number[], bits: number): Subtree {
  const mask = address.map((_, at) => 0xff & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * at))));
  return { kind: 'ip', octets: Uint8Array.of(...address, ...mask) };
}

describe('whether a subtree lies in another (RFC 5280 §4.2.1.10)', () => {
  test.each<[Text, string, string, boolean]>([
    ['dns', 'lab.example.com', 'example.com', true],
    ['dns', 'example.com', 'EXAMPLE.com', true],
    ['dns', 'example.com', 'lab.example.com', false],
    ['dns', 'badexample.com', 'example.com', false],
    ['dns', 'example.com', '', true],
    ['dns', '', 'example.com', false],
    ['email', 'ann@example.com', 'ann@EXAMPLE.com', true],
    ['email', 'bob@example.com', 'ann@example.com', false],
    ['email', 'example.com', 'ann@example.com', false],
    ['email', 'ann@example.com', 'example.com', true],
    ['email', 'lab.example.com', 'example.com', false],
    ['email', 'lab.example.com', '.example.com', true],
    ['email', '.lab.example.com', '.example.com', true],
    ['email', 'example.com', '.example.com', false],
    ['email', '.example.com', 'example.com', false],
    ['uri', 'lab.example.com', '.example.com', true],
    ['uri', 'example.org', '.example.com', false],
  ])('%s: %s in %s', (kind, inner, outer, within) => {
    expect(containsSubtree({ kind, text: outer }, { kind, text: inner })).toBe(within);
  });

  test.each<[Subtree, Subtree, boolean]>([
    [network([10, 1, 0, 0], 16), network([10, 0, 0, 0], 8), true],
    [network([10, 0, 0, 0], 8), network([10, 0, 0, 0], 8), true],
    [network([10, 0, 0, 0], 8), network([10, 1, 0, 0], 16), false],
    [network([11, 1, 0, 0], 16), network([10, 0, 0, 0], 8), false],
    [network([10, 1, 2, 3], 32), network([0, 0, 0, 0], 0), true],
    [network([10, 1, 2, 3], 32), network(Array<number>(16).fill(0), 0), false],
  ])('network %# ', (inner, outer, within) => {
    expect(containsSubtree(outer, inner)).toBe(within);
  });

  test('kinds do not contain each other', () => {
    const inner = { kind: 'dns', text: 'example.com' } as const;
    expect(containsSubtree({ kind: 'email', text: 'example.com' }, inner)).toBe(false);
    const directory = { kind: 'directory', name: encodeDistinguishedName([]) } as const;
    expect(containsSubtree(directory, inner)).toBe(false);
  });
});
