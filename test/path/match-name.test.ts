import { describe, expect, test } from '@jest/globals';
import { parseExpectedName } from '../../src/path/expected-name.js';
import { nameFault } from '../../src/path/match-name.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { refusalOf } from '../support/refusal-of.js';
import { makeLeaf, makeRoot } from '../support/issue-for-test.js';

const blank = (await makeLeaf('unused', await makeRoot('CA'))).certificate;

function matches(names: Partial<Certificate>, expected: string): boolean {
  const nothing = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };
  return nameFault({ ...blank, ...nothing, ...names }, parseExpectedName(expected)) === undefined;
}

describe('DNS names (RFC 9525 §6.3)', () => {
  test.each([
    ['web1.example.com', 'web1.example.com', 'the same'],
    ['WEB1.Example.com', 'web1.example.COM', 'in any case'],
    ['web1.example.com', 'web1.example.com.', 'a root dot of who asks'],
    ['*.example.com', 'web1.example.com', 'one label'],
    ['*.example.com', 'WEB1.EXAMPLE.COM', 'one label in any case'],
    ['*.example.com', 'xn--bcher-kva.example.com', 'an international label'],
    ['web_1.example.com', 'web_1.example.com', 'an underscore'],
    ['localhost', 'localhost', 'one label alone'],
  ])('%s is for %s: %s', (presented, asked) => {
    expect(matches({ dnsNames: ['other.test', presented] }, asked)).toBe(true);
  });

  test.each([
    ['web1.example.com', 'web2.example.com', 'another'],
    ['example.com', 'web1.example.com', 'a domain above'],
    ['*.example.com', 'example.com', 'no label'],
    ['*.example.com', 'a.web1.example.com', 'two labels'],
    ['*.com', 'example.com', 'a whole top-level domain'],
    ['*', 'localhost', 'everything'],
    ['w*.example.com', 'web1.example.com', 'a part of a label'],
    ['*1.example.com', 'web1.example.com', 'a part of a label'],
    ['web1.*.com', 'web1.example.com', 'not the leftmost label'],
    ['*.*.com', 'web1.example.com', 'two wildcards'],
    ['xn--*.example.com', 'xn--bcher-kva.example.com', 'inside an A-label'],
    ['web1.example.com.', 'web1.example.com', 'a root dot in the certificate'],
    ['web1.example.com\u0000.evil.test', 'web1.example.com', 'a NUL'],
    [' web1.example.com', 'web1.example.com', 'a space'],
    ['192.0.2.7', '192.0.2.7', 'an address as a DNS name'],
  ])('%s is not for %s: %s', (presented, asked) => {
    expect(matches({ dnsNames: [presented] }, asked)).toBe(false);
  });

  test('the common name counts for nothing', () => {
    expect(matches({}, 'unused')).toBe(false);
  });
});

describe('addresses', () => {
  test('an IP address is compared by value, and with IP addresses only', () => {
    const names = { ipAddresses: ['192.0.2.7', '2001:db8::7'] };
    expect(matches(names, '2001:DB8:0::0:7')).toBe(true);
    expect(matches(names, '192.0.2.7')).toBe(true);
    expect(matches(names, '192.0.2.8')).toBe(false);
    expect(matches(names, '::ffff:192.0.2.7')).toBe(false);
  });

  test('an e-mail address is compared with the local part as it stands (RFC 5280 §7.5)', () => {
    const names = { emailAddresses: ['Anna@Example.com'] };
    expect(matches(names, 'Anna@EXAMPLE.com')).toBe(true);
    expect(matches(names, 'anna@example.com')).toBe(false);
    expect(matches({ dnsNames: ['example.com'] }, 'Anna@example.com')).toBe(false);
  });
});

test.each(['*.example.com', 'bücher.example', 'a b', '', 'a..b', '192.0.2.300', '-a.test'])(
  '"%s" cannot be asked for',
  (text) => {
    expect(refusalOf(() => parseExpectedName(text)).code).toBe('usage');
  },
);

test('the names that it has instead are told, a few of them', () => {
  const dnsNames = Array.from({ length: 7 }, (_, index) => `web${index}.test`);
  const fault = nameFault({ ...blank, dnsNames }, { kind: 'dns', value: 'a.test' });
  expect(fault?.fact).toBe(
    'is not for a.test: it is for web0.test, web1.test, web2.test, web3.test, web4.test and 2 more',
  );
});
