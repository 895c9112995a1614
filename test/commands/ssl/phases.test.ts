import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACTIVE_REMINT, SMALL_ZONE, WAITING_REMINT } from '../../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';

const DAY = 86_400;
const WAITING = `Operation  op-1 "Remint CA of Example 2026-11-21"
Phase      everything is made and waits; activation 2026-12-05 12:00:00 +00:00
           (2026-12-05T12:00:00Z)

Member  State                           Evidence
ca1     Pending Certificate Activation
web1    Pending Certificate Activation
`;

async function zoneWith(lines: readonly string[]): Promise<CommandLine> {
  const at = commandLine();
  await at.given(lines);
  return at;
}

function live(at: CommandLine, name: string): string {
  return readlinkSync(join(at.zoneHome, 'servers', name, 'security/live'));
}

describe('zmint ssl resume', () => {
  test('says what waits and how cron moves it on, then moves it on', async () => {
    const at = await zoneWith([...SMALL_ZONE]);
    const begun = await at.run('zmint ssl remint --ca --no-backup-check --activate-at 14d --yes');
    expect(begun).toMatchObject({ status: 0, out: WAITING });
    expect(begun.err)
      .toContain(`next: let cron call this, it activates when its time has come: * * * * * zmint ssl resume --quiet --zone $ZONE
next: zmint status shows how far it is
next: zmint ssl activate --now does not wait, zmint ssl cancel gives it up
`);
    const waits = await at.run('zmint ssl resume');
    expect(waits).toMatchObject({
      status: 0,
      out: `${WAITING}It waits: its instant has not come.\n`,
    });
    expect(await at.run('zmint ssl resume --quiet')).toMatchObject({ status: 0, out: '', err: '' });
    expect(await at.run('zmint ssl resume --dry-run')).toMatchObject({
      status: 0,
      out: 'These would be moved on:\nop-1 "Remint CA of Example 2026-11-21": armed\n',
    });
    at.now += 14 * DAY;
    const moved = await at.run('zmint ssl resume --json');
    expect(moved.json()).toMatchObject({
      schema: 'zmint.ssl-resume/1',
      operations: [
        { operation: { id: 'op-1', phase: 'active' }, why: 'settled', moved: true, open: 0 },
      ],
    });
    expect(live(at, 'web1')).toBe('generations/3');
    expect(await at.run('zmint ssl resume')).toMatchObject({ status: 0, out: 'Nothing waits.\n' });
  });

  test('an instant that has come and waits at the gate ends with 14', async () => {
    const at = await zoneWith([
      ...SMALL_ZONE,
      'zmint device add phone1 --kind mobile --yes',
      'zmint ssl remint --ca --no-backup-check --policy gate --activate-at 1h --yes',
    ]);
    expect(await at.run('zmint ssl resume')).toMatchObject({ status: 0 });
    at.now += 3600;
    const { status, out, err } = await at.run('zmint ssl resume');
    expect(status).toBe(14);
    expect(out).toContain(
      'Its instant has come, but it waits: these members have not proved the new trust: phone1.\n',
    );
    expect(err).toContain('not ready: phone1 has not reported which roots it trusts');
    expect(err).toMatch(/rescue kit: \$ZONE\/updates\/[0-9a-f-]{36} \(install-trust\.sh/u);
    expect((await at.run('zmint ssl activate --now --yes')).status).toBe(14);
    const ignored = await at.run('zmint update ignore phone1 --yes');
    expect(ignored).toMatchObject({ status: 0, out: '/Devices/Workstations/phone1: Ignored\n' });
    const done = await at.run('zmint ssl resume');
    expect(done.status).toBe(0);
    expect(done.out).toContain('phone1  Ignored\n');
    expect(await at.run('zmint ssl retire --yes')).toMatchObject({ status: 0 });
  });

  test('a failure ends with 40 at every run until it is mended', async () => {
    const at = await zoneWith([
      ...SMALL_ZONE,
      'zmint ssl remint --all --activate-at 1h --yes',
      'zmint server set web1 --reload false --yes',
    ]);
    at.now += 3600;
    for (let run = 0; run < 2; run += 1) {
      const { status, out } = await at.run('zmint ssl resume --quiet');
      expect(status).toBe(40);
      expect(out).toContain('web1: the reload command of web1 ended with status 1');
    }
    await at.given(["zmint server set web1 --reload '' --yes"]);
    expect(await at.run('zmint ssl resume')).toMatchObject({ status: 0 });
    expect(live(at, 'web1')).toBe('generations/2');
  });
});

describe('zmint ssl activate', () => {
  test('one server before the instant; the clock leaves the others until then', async () => {
    const at = await zoneWith([...SMALL_ZONE, 'zmint ssl remint --all --activate-at 14d --yes']);
    const early = await at.run('zmint ssl activate --yes');
    expect(early).toMatchObject({
      status: 14,
      err: 'zmint: error: op-1 cannot be activated: its instant has not come\nzmint: hint: zmint ssl activate --now\n',
    });
    const { status, out, err } = await at.run('zmint ssl activate web1 --now --yes');
    expect(status).toBe(0);
    expect(err).toContain('Plan: activate 1 server\n');
    expect(out).toContain('Phase      activating; 1 of 2 serve the new certificates\n');
    expect(err).toContain(
      'next: the others follow at their instant; zmint ssl activate --now does not wait',
    );
    expect(live(at, 'web1')).toBe('generations/2');
    for (let run = 0; run < 2; run += 1) {
      expect(await at.run('zmint ssl resume --quiet')).toMatchObject({ status: 0, out: '' });
    }
    expect(live(at, 'ca1')).toBe('generations/1');
    at.now += 14 * DAY;
    expect(await at.run('zmint ssl resume')).toMatchObject({ status: 0 });
    expect(live(at, 'ca1')).toBe('generations/2');
  });

  test.each([
    [
      'zmint ssl activate --now',
      2,
      'nobody is there to answer "Activate the new certificates of 2',
    ],
    ['zmint ssl activate nobody --now --yes', 16, 'there is no member "nobody"'],
    ['zmint ssl activate --operation op-7 --now --yes', 17, 'there is no operation "op-7"'],
    ['zmint ssl activate --operation seven --yes', 2, '"seven" is no operation'],
    ['zmint ssl activate --now --dry-run', 0, 'Plan: activate 2 servers'],
    ['zmint ssl retire --yes', 17, 'there is no old CA to retire'],
    ['zmint ssl rollback --yes', 17, 'there is no operation'],
    ['zmint update ignore --yes', 2, 'which members are to be ignored?'],
    ['zmint update ignore nobody --yes', 16, 'there is no member "nobody"'],
    ['zmint ssl cancel', 2, 'nobody is there to answer "Cancel op-1?"'],
    ['zmint ca cancel --dry-run', 0, 'Plan: cancel op-1'],
  ])('%s ends with %d and changes nothing', async (line, status, said) => {
    const at = await zoneWith(WAITING_REMINT);
    const before = readFileSync(join(at.zoneHome, 'zone.db'));
    const ran = await at.run(line);
    expect({ status: ran.status, said: ran.err.includes(said) }).toEqual({ status, said: true });
    expect(readFileSync(join(at.zoneHome, 'zone.db')).equals(before)).toBe(true);
    expect(live(at, 'web1')).toBe('generations/2');
  });
});

describe('zmint ssl cancel', () => {
  test('puts everything back and says so', async () => {
    const at = await zoneWith(WAITING_REMINT);
    const { status, out, err } = await at.run('zmint ssl cancel --yes');
    expect({ status, out }).toEqual({
      status: 0,
      out: `Operation  op-1 "Remint CA of Example 2026-11-21"
Phase      cancelled; everything is as it was before

Member  State         Evidence
ca1     Not Assigned
web1    Not Assigned
`,
    });
    expect(err).toContain('Operation  op-1 "Remint CA of Example 2026-11-21", armed\n');
    expect(live(at, 'web1')).toBe('generations/1');
    expect(await at.run('zmint ssl cancel --yes')).toMatchObject({ status: 17 });
  });

  test('comes too late within ten minutes of the activation, and after it', async () => {
    const at = await zoneWith(WAITING_REMINT);
    at.now += 14 * DAY - 599;
    expect(await at.run('zmint ssl cancel --yes')).toMatchObject({ status: 15, out: '' });
    at.now += 599;
    await at.given(['zmint ssl resume']);
    const { status, json } = await at.run('zmint ssl cancel --yes --json');
    expect(status).toBe(15);
    expect(json()).toMatchObject({ code: 'too-late', hint: 'zmint ssl rollback' });
  });

  test('an answer that comes too late is refused', async () => {
    const at = await zoneWith(WAITING_REMINT);
    at.now += 14 * DAY - 660;
    const { status } = await at.run('zmint ssl cancel', [
      {
        to: /Cancel op-1/u,
        keys: 'y\r',
        before: () => {
          at.now += 120;
          return Promise.resolve();
        },
      },
    ]);
    expect(status).toBe(15);
    expect(live(at, 'web1')).toBe('generations/2');
  });

  test('after a failed activation it is no failure', async () => {
    const at = await zoneWith([...SMALL_ZONE, 'zmint server set web1 --reload false --yes']);
    expect(await at.run('zmint ssl remint web1 --yes')).toMatchObject({ status: 32 });
    expect(await at.run('zmint ssl cancel --yes --json')).toMatchObject({ status: 0 });
  });
});

describe('zmint ssl rollback and retire', () => {
  test('one server back, then all, then forward again, then the end', async () => {
    const at = await zoneWith(ACTIVE_REMINT);
    const one = await at.run('zmint ssl rollback web1 --yes');
    expect(one.status).toBe(0);
    expect(one.out).toContain('Phase      1 rolled back; 1 of 2 serve the new certificates\n');
    expect(one.err).toContain('next: zmint ssl activate activates those that were rolled back');
    expect(live(at, 'web1')).toBe('generations/2');
    const all = await at.run('zmint ssl rollback --yes');
    expect(all.out).toContain('rolled back; the servers serve their certificates from before\n');
    expect(all.err).toContain(
      'next: zmint ssl activate tries again\nnext: zmint ssl cancel gives it up\n',
    );
    expect(await at.run('zmint ssl resume --quiet')).toMatchObject({ status: 0, out: '' });
    const again = await at.run('zmint ssl activate --yes');
    expect(again.out).toContain('Phase      active; the old and the new root are both trusted\n');
    expect(again.err).toContain('next: zmint ssl retire takes the old root out');
    const retired = await at.run('zmint ssl retire --yes');
    expect(retired.err).toContain(`Plan: retire the old CA of op-1

Root that leaves  CN=Example
Members           2 members trust only the new root afterwards
Clients outside   those that know only the old root lose contact
Backup            there is no verified backup of the zone
Way back          none: zmint ssl rollback does not reach behind this
`);
    expect(retired.out).toContain('Phase      done\n');
    expect(await at.run('zmint ssl rollback --yes')).toMatchObject({ status: 17 });
  });

  test('waits for members that have not proved the new trust', async () => {
    const at = await zoneWith([
      ...SMALL_ZONE,
      'zmint device add phone1 --kind mobile --yes',
      'zmint ssl remint --ca --no-backup-check --activate-at now --yes',
    ]);
    const { status, json } = await at.run('zmint ssl retire --yes --json');
    expect(status).toBe(14);
    expect(json()).toMatchObject({ hint: 'zmint update ignore phone1 waives one by name' });
  });

  test('what is damaged is refused, the others go on', async () => {
    const at = await zoneWith([...SMALL_ZONE, 'zmint ssl remint --all --activate-at 1h --yes']);
    const generations = join(at.zoneHome, 'servers/web1/security/generations');
    rmSync(join(generations, '2/key.pem'));
    at.now += 3600;
    const { status, out } = await at.run('zmint ssl activate --yes');
    expect(status).toBe(40);
    expect(out).toContain('generation 2 of web1 is missing or not complete');
    expect(live(at, 'web1')).toBe('generations/1');
    expect(live(at, 'ca1')).toBe('generations/2');
    expect(readdirSync(generations)).toContain('1');
  });
});
