import { describe, expect, test } from '@jest/globals';
import type { Authority } from '../../src/zone/authority.js';
import { newestKey } from '../../src/zone/held-keys.js';
import { DAY, HOUR } from '../../src/zone/instant.js';
import { judgeBackup } from '../../src/zone/judge-backup.js';
import { renderAge, renderBackup } from '../../src/zone/render-backup.js';
import type { VerifiedBackup } from '../../src/zone/verified-backup.js';
import { AUTHORITY_REQUEST } from '../support/authority-rows.js';
import { AUTHORITY } from '../support/zone-rows.js';

const NOW = 1_800_000_000;
const backup = (age: number, generation = 2): VerifiedBackup => ({
  sha256: 'ab'.repeat(32),
  path: '/safe/zone.age',
  headSequence: 7,
  headHash: 'cd'.repeat(32),
  generation,
  madeAt: NOW - age,
  verifiedAt: NOW - age,
});
const judged = (last: VerifiedBackup | null, generation: number | null = 2): string =>
  judgeBackup({ last, generation, maxAgeHours: 24, now: NOW });

describe('the last verified backup', () => {
  test.each([
    ['none', null, 2, 'missing'],
    ['none, and no key', null, null, 'no-key'],
    ['just made', backup(0), 2, 'fresh'],
    ['as old as may be', backup(24 * HOUR), 2, 'fresh'],
    ['a second older', backup(24 * HOUR + 1), 2, 'old'],
    ['from before the newest CA', backup(0, 1), 2, 'without-newest-ca'],
    ['an instant that lies ahead', backup(-HOUR), 2, 'fresh'],
  ])('%s', (_why, last, generation, standing) => {
    expect(judged(last, generation)).toBe(standing);
  });

  test('the newest key is that of a generation in use or to come', () => {
    const generation = (number: number, changes: Partial<Authority>): Authority => ({
      ...AUTHORITY,
      generation: number,
      keyMemberId: 'member-1',
      ...changes,
    });
    expect(newestKey([], [])).toBeNull();
    expect(newestKey([generation(1, { state: 'active', keyMemberId: null })], [])).toBeNull();
    expect(
      newestKey(
        [
          generation(1, { state: 'retiring' }),
          generation(2, { state: 'active' }),
          generation(3, { state: 'cancelled' }),
        ],
        [],
      ),
    ).toBe(2);
    expect(newestKey([generation(1, { state: 'retired' })], [])).toBeNull();
  });

  test('the newest key is that of a CA that waits for its certificate', () => {
    const done = { ...AUTHORITY_REQUEST, generation: 1, state: 'done' } as const;
    expect(newestKey([], [done])).toBeNull();
    expect(newestKey([], [done, { ...AUTHORITY_REQUEST, generation: 2 }])).toBe(2);
    expect(newestKey([], [{ ...AUTHORITY_REQUEST, state: 'cancelled' }])).toBeNull();
  });

  test.each([
    [0, 'less than a minute ago'],
    [-HOUR, 'less than a minute ago'],
    [60, '1 minute ago'],
    [119 * 60, '119 minutes ago'],
    [3 * HOUR, '3 hours ago'],
    [2 * DAY, '2 days ago'],
  ])('%i seconds are %s', (age, words) => {
    expect(renderAge(NOW - age, NOW)).toBe(words);
  });

  test.each([
    ['missing', null, 'there is no verified backup of the zone'],
    ['old', backup(3 * DAY), 'made 3 days ago, more than 24 hours'],
    ['without-newest-ca', backup(HOUR), 'before the newest CA of the zone'],
    ['fresh', backup(HOUR), 'was made 60 minutes ago'],
  ] as const)('%s is told in words', (standing, last, words) => {
    const known = { standing, last, isKeyInToken: false, maxAgeHours: 24, now: NOW };
    expect(renderBackup(known)).toContain(words);
  });

  test.each([
    [
      'missing',
      null,
      'there is no verified backup of the zone; the CA key, which is in a token, would not be in it',
    ],
    ['old', backup(3 * DAY), 'more than 24 hours; the CA key, which is in a token, is not in it'],
  ] as const)('%s, of a zone whose key is in a token', (standing, last, words) => {
    const known = { standing, last, isKeyInToken: true, maxAgeHours: 24, now: NOW };
    expect(renderBackup(known)).toContain(words);
  });
});
