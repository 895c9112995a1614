import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodePem } from '../../src/encoding/pem.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { readTrustFile } from '../../src/x509/read-trust-file.js';
import { renderTrustFile } from '../../src/x509/render-trust-file.js';
import { partnerRoot } from '../support/partner-root.js';
import { refusalOf } from '../support/refusal-of.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let root: Certificate;
let pem = '';

beforeAll(async () => {
  root = (await partnerRoot()).certificate;
  pem = encodePem('CERTIFICATE', root.der);
});

function labels(text: string): readonly (readonly string[])[] {
  return readTrustFile(bytes(text), 'x.pem').certificates.map(({ label }) => label);
}

describe('readTrustFile', () => {
  test.each([
    ['', [], 'no comment'],
    ['# one\n', ['one'], 'a comment'],
    ['#one\n# two\n', ['one', 'two'], 'two lines'],
    ['# far away\n\n', [], 'a blank line between'],
    ['GlobalSign Root CA\n==================\n', ['GlobalSign Root CA'], 'as curl writes them'],
    ['a\nb\nc\nd\n', [], 'a dump of the certificate'],
    ['a\nb\nc\nd\n# e\n', ['e'], 'a comment in a dump'],
    ['# bad\u001b[31m\u202e text\n', ['bad [31m  text'], 'what a terminal would obey'],
  ])('%j gives %j: %s', (above, label) => {
    expect(labels(above + pem)).toEqual([label]);
    expect(labels(pem + above + pem)[1]).toEqual(label);
  });

  test('other blocks are told, a file without any has nothing', () => {
    const text = `${encodePem('PRIVATE KEY', root.der)}${pem}`;
    const { certificates, leftOut } = readTrustFile(bytes(text), 'x.pem');
    expect(certificates).toHaveLength(1);
    expect(leftOut).toEqual(['line 1 of x.pem: PRIVATE KEY']);
    expect(readTrustFile(bytes('\n# soon\n'), 'x.pem').certificates).toEqual([]);
  });

  test('UTF-16, as Windows writes it', () => {
    const text = Buffer.from(`\ufeff# one\r\n${pem.replaceAll('\n', '\r\n')}`, 'utf16le');
    expect(readTrustFile(text, 'x.pem').certificates).toMatchObject([{ label: ['one'] }]);
  });

  test.each([
    ['DER', () => root.der],
    ['text with a NUL, which no PEM has', () => bytes(`# \0\n${pem}`)],
    ['a block that is cut', () => bytes(pem.slice(0, 200))],
    ['more than 4 MiB', () => new Uint8Array(4_194_305).fill(0x41)],
    ['more than 1000 certificates', () => bytes(pem.repeat(1001))],
    ['no certificate inside', () => bytes(encodePem('CERTIFICATE', Uint8Array.of(0x30, 0)))],
  ])('%s is unreadable, with the name of the file', (_what, content) => {
    const error = refusalOf(() => readTrustFile(content(), 'x.pem'));
    expect(error.code).toBe('unreadable');
    expect(error.message).toMatch(/^x\.pem: /u);
  });

  test('what is rendered is read as it was, whatever the comments (I-15)', () => {
    const line = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const text = lines.map((each) => `# ${each.replace(/[\0\r\n]|-----/gu, '')}\n`).join('');
        const first = readTrustFile(bytes(text + pem), 'x.pem').certificates;
        const rendered = renderTrustFile(first);
        const again = readTrustFile(bytes(rendered), 'y.pem').certificates;
        expect(renderTrustFile(again)).toBe(rendered);
      }),
      { numRuns: 300 },
    );
  });
});
