import { describe, expect, test } from '@jest/globals';
import { labelledLines } from '../../../commands/cli/labelled-lines.js';
import { localMinute, renderDistance, renderSpan } from '../../../commands/cli/moments.js';
import { pastMoment } from '../../../commands/cli/parsers.js';
import { PLAIN } from '../../../commands/cli/style.js';

const NOW = 1_795_262_400;

describe('moments for people', () => {
  test.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [86_400, '1 day'],
    [2 * 86_400 + 4 * 3600, '2 days 4 h'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(renderSpan(seconds)).toBe(words);
    expect(renderDistance(NOW + seconds, NOW)).toBe(`in ${words}`);
    if (seconds > 0) expect(renderDistance(NOW - seconds, NOW)).toBe(`${words} ago`);
  });

  test('are in the time of this system', () => {
    expect(localMinute(NOW, () => 5400)).toBe('2026-11-21 13:30');
  });

  test('a duration that lies behind us is reckoned backwards', () => {
    const context = { now: NOW, offsetAt: () => 0 };
    expect(pastMoment('36h', context)).toBe(NOW - 36 * 3600);
    expect(pastMoment('now', context)).toBe(NOW);
    expect(pastMoment('2026-11-21T12:00', context)).toBe(NOW);
    expect(() => pastMoment('3x', context)).toThrow('"3x" is no duration');
  });
});

describe('labelled lines', () => {
  test('wrap beside their label, escape what comes from outside, leave out what is empty', () => {
    const text = labelledLines(
      [
        ['A', ['one two three']],
        ['Long', ['x\u001by', { text: 'bad', dress: (word) => `<${word}>` }]],
        ['None', []],
      ],
      { width: 14, style: PLAIN },
    );
    expect(text).toBe('A     one two\n      three\nLong  x\\x1by\n      <bad>\n');
    expect(labelledLines([], { width: 80, style: PLAIN })).toBe('');
  });
});
