import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvRow } from '../../../commands/cli/csv-row.js';
import { displayWidth, truncate } from '../../../commands/cli/display-width.js';
import { escapeText } from '../../../commands/cli/escape-text.js';
import { jsonText } from '../../../commands/cli/json-text.js';
import { PLAIN } from '../../../commands/cli/style.js';
import { renderFields, renderTable } from '../../../commands/cli/table.js';
import { wrapTerms, wrapText } from '../../../commands/cli/wrap-text.js';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const hostile = fc.array(
  fc.constantFrom(
    '\u001b[2J',
    '\u009b',
    '\u202e',
    '\u2066',
    '\r',
    '\n',
    '\t',
    '\0',
    '\u2028',
    'é',
    'x',
  ),
);
const surface = { width: 40, style: PLAIN };

describe('escapeText', () => {
  test.each([
    ['\u001b[31m', '\\x1b[31m', 'a colour'],
    ['a\nb\r\tc', 'a\\x0ab\\x0d\\x09c', 'line breaks and tabs'],
    ['\u009b31m', '\\x9b31m', 'the one-character CSI of C1'],
    ['user\u202egpj', 'user\\u202egpj', 'right-to-left override'],
    ['\u2066x\u2069', '\\u2066x\\u2069', 'isolates'],
    ['a\u2028b', 'a\\u2028b', 'line separator'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff', 'characters without width'],
    ['\u{e0041}', '\\u{e0041}', 'tag characters'],
    ['\ud800', '\\ud800', 'a lone surrogate'],
    ['Zürich 東京 😀', 'Zürich 東京 😀', 'what people write stays'],
  ])('%j becomes %s (%s)', (text, safe) => {
    expect(escapeText(text)).toBe(safe);
  });

  test('nothing that acts upon a terminal is left, and a second time changes nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          hostile.map((parts) => parts.join('')),
        ),
        (text) => {
          const safe = escapeText(text);
          expect(safe).not.toMatch(
            /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u,
          );
          expect(safe).not.toMatch(/\p{Cs}/u);
          expect(escapeText(safe)).toBe(safe);
        },
      ),
    );
  });
});

test('jsonText keeps the document and leaves nothing that acts upon a terminal', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          anyText,
          hostile.map((parts) => parts.join('')),
        ),
      ),
      (texts) => {
        const text = jsonText({ texts }, false);
        expect(text.slice(0, -1)).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u,
        );
        expect(JSON.parse(text)).toEqual({ texts });
      },
    ),
  );
});

describe('csvRow', () => {
  test.each([
    [['a', 'b'], 'a,b', 'plain cells'],
    [['a,b', 'say "x"'], '"a,b","say ""x"""', 'commas and quotes'],
    [['=1+1', '+1', '-1', '@x'], "'=1+1,'+1,'-1,'@x", 'formulas'],
    [['\t=1', '\r=1'], "'\\x09=1,'\\x0d=1", 'formulas behind white space'],
    [['a\nb'], 'a\\x0ab', 'no cell has a line break'],
  ])('%j is %s (%s)', (cells, line) => {
    expect(csvRow(cells)).toBe(line);
  });
});

describe('displayWidth and truncate', () => {
  test.each([
    ['abc', 3],
    ['東京', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['😀', 2],
  ])('%s takes %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('what is truncated fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 30 }), (text, columns) => {
        const safe = escapeText(text);
        expect(displayWidth(truncate(safe, columns))).toBeLessThanOrEqual(columns);
        if (displayWidth(safe) <= columns) expect(truncate(safe, columns)).toBe(safe);
      }),
    );
  });
});

describe('renderTable', () => {
  const columns = [
    { title: 'Name', whole: true },
    { title: 'Subject' },
    { title: 'Days', align: 'right' },
  ] as const;

  test('columns are aligned, the wide one is shortened, names are not', () => {
    const rows = [
      ['web1', 'CN=web1.example.test,O=Example', '90'],
      ['a-long-name-of-a-server', 'CN=a', { text: '5', dress: (text: string) => `<${text}>` }],
    ];
    expect(renderTable(columns, rows, surface)).toBe(
      'Name                     Subject    Days\n' +
        'web1                     CN=web1.…    90\n' +
        'a-long-name-of-a-server  CN=a          <5>\n',
    );
  });

  test('no rows are no table', () => {
    expect(renderTable(columns, [], surface)).toBe('');
  });

  test('outside text cannot leave its cell', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, subject) => {
        const table = renderTable(columns, [[name.join(''), subject.join(''), '1']], surface);
        expect(table.split('\n')).toHaveLength(3);
        expect(table.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
      }),
    );
  });
});

test('renderFields aligns values and escapes them', () => {
  const fields = [
    ['Subject', 'CN=\u001b[31mred'],
    ['Valid from', '2026-11-21'],
  ] as const;
  expect(renderFields(fields, surface)).toBe(
    'Subject:     CN=\\x1b[31mred\nValid from:  2026-11-21\n',
  );
});

describe('wrapping', () => {
  test('breaks at spaces and keeps long words', () => {
    expect(wrapText('one two three\nfour', 9, '  ')).toBe('  one two\n  three\n  four');
    expect(wrapText('a-very-long-word b', 5)).toBe('a-very-long-word\nb');
  });

  test('explanations stand beside their terms, or below long ones', () => {
    const terms = [
      ['--key SPEC', 'the kind of key of the new certificate'],
      ['--an-option-with-a-very-long-name VALUE', 'short'],
    ] as const;
    expect(wrapTerms(terms, 60)).toBe(
      [
        '  --key SPEC                      the kind of key of the new',
        '                                  certificate',
        '  --an-option-with-a-very-long-name VALUE',
        '                                  short',
      ].join('\n'),
    );
  });
});
