import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE, WAITING_REMINT } from '../../commands/ssl/given.js';
import { commandLine } from '../support/command-line.js';

const DAY = 86_400;

describe('zmint status', () => {
  test('at rest', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    const { status, out, err } = await at.run('zmint status');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(`Zone Example in $ZONE

CA       CN=Example, generation 1, on ca1
         expires in 3652 days, 2036-11-21 10:59:59 +00:00 (2036-11-21T10:59:59Z)
         its key is locked without a passphrase
Servers  2: 2 active
         first: ca1 expires in 364 days, 2027-11-21 10:59
Devices  0
Backup   there is no verified backup of the zone
Next     nothing to do
`);
  });

  test('with a remint of the CA that waits, and at its instant', async () => {
    const at = commandLine();
    await at.given([...WAITING_REMINT, 'zmint device add pc7 --yes']);
    const { out } = await at.run('zmint status');
    expect(out.split('\n').slice(5)).toEqual([
      '         generation 2 is future',
      'Servers  2: 2 active, 2 with a future certificate',
      '         first: ca1 expires in 364 days, 2027-11-21 10:59',
      'Devices  1',
      'op-1     Remint CA of Example 2026-11-21',
      '         armed: everything is made and waits for its instant',
      '         activation in 14 days: 2026-12-05 12:00:00 +00:00',
      '         (2026-12-05T12:00:00Z)',
      '         new trust: 2 members ready, 0 not ready, 0 waived',
      '         new certificates: 0 of 2 servers serve them',
      'Backup   there is no verified backup of the zone',
      'Next     nothing to do but to wait; cron runs zmint ssl resume',
      '',
    ]);
    at.now += 14 * DAY + 90 * 60;
    const due = await at.run('zmint status');
    expect(due.out).toContain('activation 1 h 30 min ago: 2026-12-05 12:00:00 +00:00');
    expect(due.out).toContain('Next     zmint ssl resume\n         op-1 can be activated\n');
  });

  test('links that differ stand there with what is recorded', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    const live = join(at.zoneHome, 'servers/web1/security/live');
    rmSync(live);
    const { out } = await at.run('zmint status');
    expect(out).toContain('On disk  web1 has no live set, recorded is generation 1\n');
    expect(out).toContain('Next     zmint doctor\n');
    symlinkSync('/etc\u001b[31m', live);
    const hostile = await at.run('zmint status');
    expect(hostile.out).not.toContain('\u001b');
    expect(hostile.out).toContain('\\x1b[31m');
  });

  test('as JSON', async () => {
    const at = commandLine();
    await at.given(WAITING_REMINT);
    const { json } = await at.run('zmint status --json');
    expect(json()).toMatchObject({
      schema: 'zmint.status/1',
      zone: { name: 'Example', home: '$ZONE', custody: 'no-passphrase' },
      at: '2026-11-21T12:00:00Z',
      ca: { generation: 1, server: 'ca1', daysLeft: 3652, certificate: { subject: 'CN=Example' } },
      otherGenerations: [{ generation: 2, state: 'future' }],
      servers: { total: 2, soonest: { name: 'ca1', notAfter: '2027-11-21T10:59:59Z' } },
      operations: [
        {
          operation: { id: 'op-1', phase: 'armed' },
          standing: 'waits-for-instant',
          gate: { ready: ['ca1', 'web1'], waived: [], missing: [] },
          problems: [],
        },
      ],
      links: { looked: 2, reachable: 2, differences: [] },
      lastOperation: null,
      next: null,
    });
  });

  test('tells the operation that ended last', async () => {
    const at = commandLine();
    await at.given([...WAITING_REMINT, 'zmint ssl cancel --yes']);
    at.now += 2 * 3600;
    const { out } = await at.run('zmint status');
    expect(out).toContain(
      'Last     op-1, Remint CA of Example 2026-11-21: cancelled 2 h ago, 2026-11-21\n         12:00\n',
    );
  });

  test('without a zone', async () => {
    const { status, err } = await commandLine().run('zmint status');
    expect(status).toBe(10);
    expect(err).toContain('there is no zone in $ZONE');
  });
});

describe('zmint check', () => {
  test.each([
    [0, '', 0, /^OK - Example: 2 servers, zone CA 3652 days left, first server 364 days left\|/u],
    [300, '', 1, /^WARNING - ca1 expires in 64 days; web1 expires in 64 days\|/u],
    [361, '', 2, /^CRITICAL - ca1 expires in 3 days; web1 expires in 3 days\|/u],
    [361, ' --warn 2 --crit 1', 0, /^OK - /u],
    [366, ' --warn 0 --crit 0', 2, /^CRITICAL - ca1 expired 1 day ago; /u],
    [3652, '', 2, /^CRITICAL - the zone CA expires in less than 1 day; ca1 expired \d+ days ago/u],
  ])('after %i days%s: status %i', async (days, options, expected, line) => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    at.now += days * DAY;
    const { status, out, err } = await at.run(`zmint check${options}`);
    expect(out).toMatch(line);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).toMatch(
      /\|ca_days=-?\d+;\d+:;\d+: server_days=-?\d+;\d+:;\d+: servers=2 expired=\d operations=0\n$/u,
    );
    expect({ status, err }).toEqual({ status: expected, err: '' });
  });

  test('nobody runs resume', async () => {
    const at = commandLine();
    await at.given(WAITING_REMINT);
    at.now += 15 * DAY;
    const { status, out } = await at.run('zmint check');
    expect(status).toBe(1);
    expect(out).toMatch(/^WARNING - op-1 is past its instant: nobody runs zmint ssl resume\|/u);
  });

  test('as JSON', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    const { json, status } = await at.run('zmint check --json --warn 1000');
    expect(status).toBe(1);
    expect(json()).toMatchObject({
      schema: 'zmint.check/1',
      state: 'warning',
      warnDays: 1000,
      critDays: 5,
      caDaysLeft: 3652,
      serverDaysLeft: 364,
    });
  });

  test('unknown without a zone, and with a database that is none', async () => {
    const at = commandLine();
    const none = await at.run('zmint check');
    expect(none).toMatchObject({ status: 3, err: '' });
    expect(none.out).toBe('UNKNOWN - there is no zone in $ZONE\n');
    await at.given(SMALL_ZONE);
    writeFileSync(join(at.zoneHome, 'zone.db'), 'garbage|\n'.repeat(1000));
    const damaged = await at.run('zmint check --json');
    expect(damaged.status).toBe(3);
    expect(damaged.json()).toMatchObject({ state: 'unknown', code: 'damaged' });
    const text = await at.run('zmint check');
    expect(text.out).toMatch(/^UNKNOWN - [^|]*\n$/u);
  });

  test('thresholds the wrong way round are refused', async () => {
    const { status, err } = await commandLine().run('zmint check --warn 1 --crit 9');
    expect(status).toBe(2);
    expect(err).toContain('--crit 9 is above --warn 1');
  });
});
