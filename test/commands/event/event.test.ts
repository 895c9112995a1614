import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../../commands/ssl/given.js';
import { commandLine } from '../../support/command-line.js';

interface Listed {
  readonly sequence: number;
  readonly at: string;
  readonly what: string;
}

describe('zmint event list', () => {
  test('the newest last, as many as asked for, since when asked for', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    const { out } = await at.run('zmint event list --limit 2');
    expect(out).toMatch(/^Event {2}When {14}Who {3,}What/u);
    expect(out.split('\n')).toHaveLength(4);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    at.now += 48 * 3600;
    await at.given(['zmint device add pc7 --yes']);
    const listed = async (options: string): Promise<readonly Listed[]> =>
      (await at.run(`zmint event list --json ${options}`)).json().events as Listed[];
    const all = await listed('--since 2026-11-01T00:00:00Z');
    expect(all[0]).toMatchObject({ sequence: 1, at: '2026-11-21T12:00:00Z', what: 'init-begun' });
    const recent = await listed('--since 36h');
    expect(recent.map(({ what }) => what)).toEqual(['members-added']);
    expect(await listed('--since 49h --limit 3')).toEqual(all.slice(-3));
    expect((await at.run('zmint event list --since now')).out).toContain('members-added');
    expect((await at.run('zmint event list --since yesterday')).status).toBe(2);
  });
});

describe('zmint event verify', () => {
  test('holds, or tells the first break and ends with 19', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    const good = await at.run('zmint event verify');
    expect(good.status).toBe(0);
    expect(good.out).toMatch(/^The audit log holds: \d+ events\.\nhead [\da-f]{64}\n$/u);
    const database = new Database(join(at.zoneHome, 'zone.db'));
    database.exec("UPDATE audit_events SET actor = 'mallory' WHERE sequence = 2");
    database.close();
    const bad = await at.run('zmint event verify');
    expect(bad.status).toBe(19);
    expect(bad.out).toContain('The audit log breaks at event 2: it is not what was written.\n');
    const { json } = await at.run('zmint event verify --json');
    expect(json()).toMatchObject({
      schema: 'zmint.event-verify/1',
      holds: false,
      events: 1,
      broken: { sequence: 2, fault: 'altered' },
    });
  });
});
