import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodePemOctets } from '../../src/encoding/pem-octets.js';
import { decodePem, encodePem } from '../../src/encoding/pem.js';
import { refusalOf } from '../support/refusal-of.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { costOf } from '../support/cpu-time.js';

const DER = Uint8Array.from({ length: 100 }, (_, index) => index);
const PEM = encodePem('CERTIFICATE', DER);
const LINES = PEM.trimEnd().split('\n');

test('PEM has 64 columns and a line end behind the last line', () => {
  expect(PEM.endsWith('-----END CERTIFICATE-----\n')).toBe(true);
  expect(LINES.map((line) => line.length)).toEqual([27, 64, 64, 8, 25]);
});

test('any bytes and label come back', () => {
  const label = fc.constantFrom('CERTIFICATE', 'PRIVATE KEY', 'PKCS7', 'PKCS #7 SIGNED DATA', '');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), label, (der, name) => {
      expect(decodePem(encodePem(name, der))).toEqual([
        { label: name, der, headers: new Map(), line: 1 },
      ]);
    }),
  );
});

test('the octets are those of base64 of Node in lines of 64 columns, whatever the length', () => {
  for (let length = 0; length < 200; length += 1) {
    const der = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 0xff);
    const lines =
      Buffer.from(der)
        .toString('base64')
        .match(/.{1,64}/gu) ?? [];
    const text = ['-----BEGIN X-----', ...lines, '-----END X-----', ''].join('\n');
    expect(Buffer.from(encodePemOctets('X', der)).toString('latin1')).toBe(text);
    expect(encodePem('X', der)).toBe(text);
  }
});

const openssl = requireTool('openssl') ? test : test.skip;

openssl('openssl decodes the same bytes', () => {
  const { stdout } = spawnSync('openssl', ['base64', '-d'], {
    input: `${LINES.slice(1, -1).join('\n')}\n`,
    env: toolEnvironment(),
  });
  expect(Uint8Array.from(stdout)).toEqual(DER);
});

describe('what is read', () => {
  test.each([
    ['text before, between and behind', `a\n${PEM}b - - c\n---\n${PEM}d`, [2, 9]],
    ['lines of Windows', PEM.replaceAll('\n', '\r\n'), [1]],
    ['lines of old Macs', PEM.replaceAll('\n', '\r'), [1]],
    ['no line end at the end', PEM.trimEnd(), [1]],
    ['spaces at line ends', PEM.replaceAll('\n', ' \t\n'), [1]],
    ['lines of 76 columns', LINES.join('\n').replace(/(?<=[^-])\n(?=[^-])/gu, ''), [1]],
    ['a byte order mark', `\uFEFFnote\n${PEM}`, [2]],
    ['spaces inside lines', PEM.replace('AAEC', ' AA\tEC'), [1]],
    ['headers of old encryption', PEM.replace('AAEC', 'Proc-Type: 4,ENCRYPTED\n\nAAEC'), [1]],
    ['empty lines inside', PEM.replace('\n', '\n\n'), [1]],
  ])('%s', (_what, text, lines) => {
    const blocks = decodePem(text);
    expect(blocks.map(({ line }) => line)).toEqual(lines);
    for (const block of blocks) expect(block.der).toEqual(DER);
  });

  test.each(['', 'no block', '----\nBEGIN CERTIFICATE'])('"%s" has no block', (text) => {
    expect(decodePem(text)).toEqual([]);
  });
});

describe('what is damaged, with its line', () => {
  const bend = (from: string | RegExp, to: string): string => `text\n${PEM.replace(from, to)}`;
  test.each([
    ['a character that is not base64', bend('AAEC', 'A*EC'), 'line 3 is not base64'],
    ['base64url', bend('AAEC', 'A_EC'), 'line 3 is not base64'],
    ['a header that is none of PEM', bend('AAEC', 'Proc-Kind: 4\nAAEC'), 'line 3 is not base64'],
    ['padding in the middle', bend('AAEC', 'AA==\nAAEC'), 'block of line 2 is damaged'],
    ['a character too few', bend('AAEC', 'AEC'), 'groups of four'],
    ['no padding', bend('==', ''), 'groups of four'],
    ['too much padding', bend('Yw==', 'Y==='), 'not base64'],
    ['bits behind the last octet', bend('Yw==', 'Yx=='), 'bits that are not zero'],
    ['no END', `text\n${LINES.slice(0, -1).join('\n')}`, 'block of line 2 has no end'],
    ['no BEGIN', LINES.slice(1).join('\n'), 'line 4 ends a PEM block that never began'],
    ['another END', bend('END CERTIFICATE', 'END CERTIFICATES'), 'line 6 ends another label'],
    ['BEGIN inside', bend('AAEC', `${LINES[0] ?? ''}\nAAEC`), 'line 3 begins a PEM block inside'],
    [
      'four dashes',
      bend('CERTIFICATE-----', 'CERTIFICATE----'),
      'line 2 is a damaged PEM boundary',
    ],
    ['six dashes', bend('-----BEGIN', '------BEGIN'), 'line 2 is a damaged PEM boundary'],
    ['an indented BEGIN', bend('-----BEGIN', ' -----BEGIN'), 'line 2 is a damaged PEM boundary'],
    ['all in one line', `text\n${LINES.join('')}`, 'line 2 is a damaged PEM boundary'],
    ['a label with a tab', bend('BEGIN C', 'BEGIN\tC'), 'line 2 is a damaged PEM boundary'],
  ])('%s', (_what, text, fact) => {
    const refusal = refusalOf(() => decodePem(text));
    expect(refusal.code).toBe('unreadable');
    expect(refusal.message).toContain(fact);
  });

  test('a megabyte of dashes or base64 costs what its length costs', () => {
    const long = `-----BEGIN ${'A '.repeat(500_000)}`;
    const unended = `${LINES[0] ?? ''}\n${'A'.repeat(1_000_001)}`;
    const spent = costOf(100, () => {
      expect(decodePem('-'.repeat(1_000_000))).toEqual([]);
      expect(refusalOf(() => decodePem(long)).code).toBe('unreadable');
      expect(refusalOf(() => decodePem(unended)).code).toBe('unreadable');
    });
    expect(spent).toBeLessThan(100);
  });
});
