import { describe, expect, test } from '@jest/globals';
import { readDer } from '../../src/encoding/der.js';
import { writeDer, writeSequence } from '../../src/encoding/der-writer.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { matchSubtree } from '../../src/path/match-subtree.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import type { GeneralName } from '../../src/x509/general-name.js';
import { readNameConstraints } from '../../src/x509/name-constraints.js';
import { refusalOf } from '../support/refusal-of.js';
import { generalName, nameConstraintsOf } from '../support/signed-certificate.js';

type Text = 'dns' | 'email' | 'uri';
const match = (kind: Text, name: string, base: string): string =>
  matchSubtree({ kind, text: name }, { kind, text: base }, 'all');

describe('RFC 5280 §4.2.1.10', () => {
  test.each<[Text, string, string, string]>([
    ['dns', 'host.example.com', 'host.example.com', 'inside'],
    ['dns', 'www.host.example.com', 'HOST.example.com', 'inside'],
    ['dns', 'host1.example.com', 'host.example.com', 'outside'],
    ['dns', 'badexample.com', 'example.com', 'outside'],
    ['dns', 'anything.test', '', 'inside'],
    ['dns', '*.example.com', 'example.com', 'inside'],
    ['dns', '*.example.com', 'host.example.com', 'outside'],
    ['dns', 'not a name', 'example.com', 'undecided'],
    ['dns', 'w*.example.com', 'example.com', 'undecided'],
    ['email', 'anna@example.com', 'anna@EXAMPLE.com', 'inside'],
    ['email', 'Anna@example.com', 'anna@example.com', 'outside'],
    ['email', 'anna@example.com', 'example.com', 'inside'],
    ['email', 'anna@host.example.com', 'example.com', 'outside'],
    ['email', 'anna@host.example.com', '.example.com', 'inside'],
    ['email', 'anna@example.com', '.example.com', 'outside'],
    ['email', 'nobody', 'example.com', 'undecided'],
    ['uri', 'https://host.example.com/x', 'host.example.com', 'inside'],
    ['uri', 'https://a@host.example.com:8443?x', 'host.example.com', 'inside'],
    ['uri', 'https://www.host.example.com/', 'host.example.com', 'outside'],
    ['uri', 'https://www.example.com', '.example.com', 'inside'],
    ['uri', 'https://example.com', '.example.com', 'outside'],
    ['uri', 'https://evil.test/host.example.com', 'host.example.com', 'outside'],
    ['uri', 'https://host.example.com@evil.test/', 'host.example.com', 'outside'],
    ['uri', 'https://192.0.2.7/', 'example.com', 'undecided'],
    ['uri', 'https://[2001:db8::7]/', 'example.com', 'undecided'],
    ['uri', 'urn:example:a', 'example.com', 'undecided'],
  ])('%s %s and %s: %s', (kind, name, base, expected) => {
    expect(match(kind, name, base)).toBe(expected);
  });

  test('a wildcard reaches into an excluded host, one label down', () => {
    const reach = (name: string, base: string): string =>
      matchSubtree({ kind: 'dns', text: name }, { kind: 'dns', text: base }, 'some');
    expect(reach('*.example.com', 'host.example.com')).toBe('inside');
    expect(reach('*.example.com', 'a.host.example.com')).toBe('outside');
    expect(reach('*.example.com', 'example.org')).toBe('outside');
    expect(reach('*.com', 'com')).toBe('inside');
  });

  test('addresses with their mask; IPv4 is never inside IPv6', () => {
    const ip = (...octets: readonly number[]): GeneralName => ({
      kind: 'ip',
      octets: Uint8Array.from(octets),
    });
    const net = ip(192, 0, 2, 0, 255, 255, 255, 0);
    expect(matchSubtree(ip(192, 0, 2, 7), net, 'all')).toBe('inside');
    expect(matchSubtree(ip(192, 0, 3, 7), net, 'all')).toBe('outside');
    expect(matchSubtree(ip(...new Array<number>(16).fill(0)), net, 'all')).toBe('outside');
    expect(matchSubtree(ip(1, 2, 3), net, 'all')).toBe('undecided');
  });

  test('directory names by their first parts, in any case', () => {
    const directory = (...values: readonly string[]): GeneralName => ({
      kind: 'directory',
      name: encodeDistinguishedName(values.map((value) => ({ type: 'O', value }))),
    });
    const base = directory('Example  Org');
    expect(matchSubtree(directory('EXAMPLE org', 'Unit'), base, 'all')).toBe('inside');
    expect(matchSubtree(directory('Unit', 'Example Org'), base, 'all')).toBe('outside');
    expect(matchSubtree(directory(), base, 'all')).toBe('outside');
    expect(matchSubtree(base, directory(), 'all')).toBe('inside');
  });

  test('names of a kind that is not interpreted cannot be judged', () => {
    const other: GeneralName = { kind: 'other', der: Uint8Array.of(0xa0, 0) };
    expect(matchSubtree(other, other, 'all')).toBe('undecided');
  });
});

describe('name constraints that cannot be read', () => {
  const ip = (...octets: readonly number[]): Uint8Array => writeDer(0x87, Uint8Array.from(octets));
  test.each<[string, Uint8Array]>([
    ['nothing at all', writeSequence()],
    ['an empty list', writeSequence(writeDer(0xa0))],
    ['a DNS name with a leading dot', permitted(generalName([2, '.example.com']))],
    ['a wildcard', permitted(generalName([2, '*.example.com']))],
    ['an address without mask', permitted(ip(192, 0, 2, 7))],
    ['a mask with gaps', permitted(ip(192, 0, 2, 0, 255, 0, 255, 0))],
    ['a URI instead of a host', permitted(generalName([6, 'https://example.com']))],
    ['a mailbox without host', permitted(generalName([1, 'anna@']))],
    [
      'a minimum',
      writeSequence(
        writeDer(0xa0, writeSequence(generalName([2, 'a.test']), writeDer(0x80, Uint8Array.of(1)))),
      ),
    ],
    ['letters of another alphabet', permitted(writeDer(0x82, encodeUtf8('bücher.test')))],
  ])('%s', (_what, value) => {
    expect(refusalOf(() => readNameConstraints(readDer(value))).code).toBe('unreadable');
  });
});

function permitted(...bases: readonly Uint8Array[]): Uint8Array {
  return nameConstraintsOf({ permitted: bases }).value;
}
