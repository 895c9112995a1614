import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';

const DAY = 86_400;

async function zone(): Promise<CommandLine> {
  const at = commandLine();
  await at.given(SMALL_ZONE);
  return at;
}

describe('zmint doctor', () => {
  test('is content with a fresh zone', async () => {
    const at = await zone();
    const { status, out, err } = await at.run('zmint doctor');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('ok       servers      2 servers: keys, certificates and chains fit\n');
    expect(out).toContain('notice   custody      the CA key is locked without a passphrase');
    expect(out).toContain('notice   backup       there is no verified backup of the zone');
    expect(out).toMatch(/\nno problem, 3 notices\n$/u);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('ends with the status of the one kind of problem, its remedy below it', async () => {
    const at = await zone();
    const of = (name: string): string =>
      join(at.zoneHome, 'servers', name, 'security/live/key.der');
    cpSync(of('ca1'), of('web1'));
    const { status, out } = await at.run('zmint doctor');
    expect(status).toBe(21);
    expect(out).toContain(
      'problem  servers      the key in generation 1 of web1 is not that of its\n                      certificate\n                      zmint ssl remint web1\n',
    );
    expect(out).toMatch(/\n1 problem, 3 notices\n$/u);
  });

  test('ends with 19 when the problems are of several kinds', async () => {
    const at = await zone();
    rmSync(join(at.zoneHome, 'servers/web1/security/live'));
    chmodSync(join(at.zoneHome, 'servers/ca1/security/live/key.pem'), 0o644);
    const { status, json } = await at.run('zmint doctor --json');
    expect(status).toBe(19);
    expect(json()).toMatchObject({ schema: 'zmint.doctor/1', problems: 2, notices: 3 });
    expect(json().findings).toContainEqual({
      examination: 'servers',
      severity: 'problem',
      code: 'unsafe-path',
      message: `$ZONE/servers/ca1/security/generations/1/key.pem has mode 0644, wider than 0600`,
      mend: 'chmod 600 $ZONE/servers/ca1/security/generations/1/key.pem',
    });
  });

  test('works when everything has expired', async () => {
    const at = await zone();
    at.now += 4000 * DAY;
    const { status, out } = await at.run('zmint doctor');
    expect(status).toBe(23);
    expect(out).toContain('zmint ssl remint --ca\n');
  });

  test('a database that is none is a finding', async () => {
    const at = await zone();
    writeFileSync(join(at.zoneHome, 'zone.db'), 'garbage\n'.repeat(1000), { mode: 0o600 });
    const { status, out } = await at.run('zmint doctor');
    expect(status).toBe(19);
    expect(out).toContain('problem  database');
    expect(out).toContain('zmint ca restore FILE --accept-older');
  });

  test('a zone home that others can write to is a finding', async () => {
    const at = await zone();
    chmodSync(at.zoneHome, 0o777);
    const { status, out } = await at.run('zmint doctor');
    expect(status).toBe(18);
    expect(out).toContain('chmod go-w $ZONE\n');
  });

  test('no zone is an error', async () => {
    expect(await commandLine().run('zmint doctor')).toMatchObject({ status: 10 });
  });
});
