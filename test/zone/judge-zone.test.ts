import { describe, expect, test } from '@jest/globals';
import { DAY, HOUR } from '../../src/zone/instant.js';
import {
  judgeZone,
  worstHealth,
  type HealthQuestion,
  type OperationHealth,
} from '../../src/zone/judge-zone.js';

const NOW = 1_800_000_000;
const WELL: HealthQuestion = {
  now: NOW,
  warn: 90,
  crit: 5,
  authorityEnds: NOW + 1000 * DAY,
  servers: { soonest: [{ name: 'web1', ends: NOW + 300 * DAY }], near: 0, without: [] },
  operations: [],
};

function operation(facts: Partial<OperationHealth>): Partial<HealthQuestion> {
  const rest = { id: 'op-1', failed: [], missing: 0, instant: NOW - HOUR, startedAt: NOW - DAY };
  return { operations: [{ ...rest, standing: 'waits-for-instant', ...facts }] };
}

describe('the health of a zone', () => {
  test.each<readonly [string, Partial<HealthQuestion>, string, string]>([
    ['all is well', {}, 'ok', ''],
    ['no CA of its own', { authorityEnds: null }, 'ok', ''],
    [
      'the CA at the warning',
      { authorityEnds: NOW + 90 * DAY },
      'warning',
      'the zone CA expires in 90 days',
    ],
    ['the CA a day before it', { authorityEnds: NOW + 91 * DAY }, 'ok', ''],
    [
      'the CA at the end',
      { authorityEnds: NOW + 5 * DAY },
      'critical',
      'the zone CA expires in 5 days',
    ],
    [
      'the CA over, whatever the thresholds',
      { authorityEnds: NOW - 2 * DAY, warn: 0, crit: 0 },
      'critical',
      'the zone CA expired 2 days ago',
    ],
    [
      'a server over',
      { servers: { soonest: [{ name: 'web1', ends: NOW - DAY }], near: 1, without: [] } },
      'critical',
      'web1 expired 1 day ago',
    ],
    [
      'a server without a certificate',
      { servers: { soonest: [], near: 0, without: ['web1'] } },
      'warning',
      'no certificate: web1',
    ],
    ['failed members', operation({ failed: ['web1'] }), 'warning', 'op-1 failed on web1'],
    [
      'the gate is shut past the instant',
      operation({ standing: 'waits-for-gate', missing: 1 }),
      'warning',
      'op-1 is past its instant and waits for 1 member',
    ],
    [
      'the gate is shut, and no instant was set',
      operation({ standing: 'waits-for-gate', missing: 1, instant: null }),
      'ok',
      '',
    ],
    [
      'nobody runs resume',
      operation({ standing: 'due' }),
      'warning',
      'op-1 is past its instant: nobody runs zmint ssl resume',
    ],
    ['cron has a quarter of an hour', operation({ standing: 'due', instant: NOW - 600 }), 'ok', ''],
    [
      'interrupted a day ago',
      operation({ standing: 'interrupted', instant: null }),
      'warning',
      'op-1 was interrupted',
    ],
    [
      'a command is at it',
      operation({ standing: 'interrupted', instant: null, startedAt: NOW - 60 }),
      'ok',
      '',
    ],
  ])('%s', (_why, facts, state, message) => {
    const findings = judgeZone({ ...WELL, ...facts });
    expect(worstHealth(findings)).toBe(state);
    expect(findings.map((one) => one.message).join('; ')).toBe(message);
  });

  test('names the five that end first and counts the rest, critical ones first', () => {
    const soonest = Array.from({ length: 6 }, (_, index) => ({
      name: `web${8 - index}`,
      ends: NOW + (12 + index) * DAY,
    }));
    const servers = { soonest, near: 9, without: [] };
    const findings = judgeZone({ ...WELL, servers, authorityEnds: NOW + DAY });
    expect(findings.map((one) => one.message)).toEqual([
      'the zone CA expires in 1 day',
      'web8 expires in 12 days',
      'web7 expires in 13 days',
      'web6 expires in 14 days',
      'web5 expires in 15 days',
      'web4 expires in 16 days',
      '4 more servers expire soon or have expired',
    ]);
  });
});
