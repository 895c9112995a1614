import { describe, expect, test } from '@jest/globals';
import { parseTarget } from '../../../src/adapters/net/target.js';

describe('parseTarget', () => {
  test.each([
    ['web1.zone.test:443', 'web1.zone.test', 443],
    ['127.0.0.1:8443', '127.0.0.1', 8443],
    ['[::1]:8443', '::1', 8443],
    ['[fe80::1%eth0]:1', 'fe80::1%eth0', 1],
    ['localhost:65535', 'localhost', 65_535],
  ])('reads %s', (text, host, port) => {
    expect(parseTarget(text)).toEqual({ host, port });
  });

  test.each([
    ['web1', 'no port'],
    ['web1:', 'an empty port'],
    [':443', 'no host'],
    ['web1:0', 'port zero'],
    ['web1:65536', 'a port above 16 bits'],
    ['::1:443', 'IPv6 without brackets'],
    ['[::1]', 'IPv6 without a port'],
    ['https://web1:443', 'a URL'],
    ['anna@web1:443', 'a user'],
    ['web1:443 ', 'white space'],
    ['web1:4e2', 'a number that is none'],
  ])('refuses %s: %s', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
