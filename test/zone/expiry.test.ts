import { describe, expect, test } from '@jest/globals';
import { certificateLife, daysLeft, renderDaysLeft } from '../../src/zone/certificate-life.js';
import { decideExpiryWarning } from '../../src/zone/expiry-warning.js';
import { DAY, HOUR } from '../../src/zone/instant.js';

const NOW = 1_800_000_000;

describe('the life of a certificate', () => {
  const validity = { notBefore: NOW, notAfter: NOW + DAY };
  test.each([
    ['the first second counts', NOW, 'active'],
    ['the last second counts', NOW + DAY, 'active'],
    ['before', NOW - 1, 'not-yet-valid'],
    ['after', NOW + DAY + 1, 'expired'],
  ])('%s', (_why, at, life) => {
    expect(certificateLife(validity, at)).toBe(life);
  });

  test.each([
    [0, 0, 'in less than 1 day'],
    [DAY - 1, 0, 'in less than 1 day'],
    [DAY, 1, 'in 1 day'],
    [90 * DAY + HOUR, 90, 'in 90 days'],
    [-1, -1, 'less than 1 day ago'],
    [-3 * DAY, -3, '3 days ago'],
  ])('%i seconds are %i days, %s', (seconds, days, words) => {
    expect(daysLeft(NOW + seconds, NOW)).toBe(days);
    expect(renderDaysLeft(NOW + seconds, NOW)).toBe(words);
  });
});

describe('the warning that the zone CA ends', () => {
  const soon = 'The Zone CA will expire in';
  test.each([
    ['91 days are far', 91 * DAY, undefined, undefined],
    ['90 days, never warned', 90 * DAY, undefined, `${soon} 90 days.`],
    ['warned an hour ago', 90 * DAY, HOUR, undefined],
    ['warned a day ago', 90 * DAY, DAY, `${soon} 90 days.`],
    ['warned in the future: the clock stepped', 90 * DAY, -HOUR, `${soon} 90 days.`],
    ['6 days, warned an hour ago', 6 * DAY, HOUR, undefined],
    ['5 days, warned a minute ago', 5 * DAY, 60, `${soon} 5 days.`],
    ['the last day', HOUR, 60, `${soon} less than 1 day.`],
    ['expired', -2 * DAY, 60, 'The Zone CA expired 2 days ago.'],
  ])('%s', (_why, left, ago, line) => {
    const lastWarned = ago === undefined ? undefined : NOW - ago;
    const warning = decideExpiryWarning({ ends: NOW + left, now: NOW, lastWarned, always: false });
    expect(warning?.line).toBe(line);
  });

  test('is remembered only where it comes once a day', () => {
    const at = (days: number) =>
      decideExpiryWarning({
        ends: NOW + days * DAY,
        now: NOW,
        lastWarned: undefined,
        always: false,
      });
    expect(at(6)?.daily).toBe(true);
    expect(at(5)?.daily).toBe(false);
  });

  test('is always shown where a command asks for it', () => {
    const question = { ends: NOW + 60 * DAY, now: NOW, lastWarned: NOW - 60, always: true };
    expect(decideExpiryWarning(question)?.line).toBe('The Zone CA will expire in 60 days.');
    expect(decideExpiryWarning({ ...question, ends: NOW + 91 * DAY })).toBeUndefined();
  });
});
