import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { EXTERNAL_ZONE, SMALL_ZONE, WAITING_REMINT } from '../../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';
import { layExampleFiles } from '../../support/example-files.js';

async function zone(given: readonly string[] = SMALL_ZONE): Promise<CommandLine> {
  const at = commandLine();
  await at.given(given);
  return at;
}

const key = (at: CommandLine, name: string): string =>
  join(at.zoneHome, 'servers', name, 'certificate-authority/1/key.enc');

describe('zmint ca move', () => {
  test('shows its plan, asks, moves', async () => {
    const at = await zone();
    const { status, out, err } = await at.run('zmint ca move web1 --no-backup-check', [
      { to: /Move the CA role from ca1 to web1\?/u, keys: 'y\n' },
    ]);
    expect(err).toContain(`Plan: move the CA role from ca1 to web1

Keys        generation 1 (active)
New place   $ZONE/servers/web1/certificate-authority
Custody     locked again without a passphrase
Proof       each key is read back there and signs a test before the role changes
Backup      there is no verified backup of the zone; zmint ca backup FILE makes
            one
Old copies  removed from $ZONE/servers/ca1 afterwards
`);
    expect(err).toContain('next: zmint ca show, zmint doctor');
    expect([status, out]).toEqual([
      0,
      `web1 holds the CA role now. Its key was read back there and signed a test; the copies of ca1 are gone.
Its home: $ZONE/servers/web1
`,
    ]);
    expect((await at.run('zmint ca show')).out).toContain('Certificate server  web1\n');
    expect((await at.run('zmint server list')).out).toMatch(/^web1 .* ca /mu);
    expect([existsSync(key(at, 'ca1')), existsSync(key(at, 'web1'))]).toEqual([false, true]);
    await at.given(['zmint server remove ca1 --yes', 'zmint ssl remint --all --yes']);
  });

  test('a no, a dry run and nobody to ask change nothing', async () => {
    const at = await zone();
    const no = await at.run('zmint ca move web1 --no-backup-check', [
      { to: /Move the CA role/u, keys: 'n\n' },
    ]);
    expect(no.status).toBe(130);
    expect(await at.run('zmint ca move web1 --no-backup-check')).toMatchObject({ status: 2 });
    const dry = await at.run('zmint ca move web1 --dry-run --json');
    expect(dry.json()).toMatchObject({
      schema: 'zmint.ca-move/1',
      dryRun: true,
      plan: {
        from: '/Devices/Servers/ca1',
        to: '/Devices/Servers/web1',
        toHome: '$ZONE/servers/web1',
        custody: 'no-passphrase',
        keys: [{ generation: 1, states: ['active'] }],
        operation: null,
        unfinished: null,
      },
    });
    expect([existsSync(key(at, 'ca1')), existsSync(key(at, 'web1'))]).toEqual([true, false]);
  });

  test('JSON says what moved', async () => {
    const at = await zone(WAITING_REMINT);
    const { json } = await at.run('zmint ca move web1 --no-backup-check --yes --json');
    expect(json()).toMatchObject({
      dryRun: false,
      plan: { operation: 'op-1' },
      moved: [1, 2],
      stayed: [],
    });
  });

  test('to the server that has the role is nothing to do', async () => {
    const at = await zone();
    const { status, out } = await at.run('zmint ca move ca1 --yes');
    expect([status, out]).toEqual([0, 'There is nothing to do.\n']);
  });

  test('wants a verified backup first', async () => {
    const at = await zone();
    const refused = await at.run('zmint ca move web1 --yes');
    expect(refused.status).toBe(24);
    expect(refused.err).toContain('only with a verified backup of the last 24 hours');
    expect(refused.err).toContain('zmint: hint: zmint ca backup FILE');
    const dry = await at.run('zmint ca move web1 --dry-run --json');
    expect(dry.json()).toMatchObject({
      plan: { backup: { standing: 'missing', madeAt: null, checked: false } },
    });
  });

  test('a wrong passphrase is 12', async () => {
    const at = commandLine();
    const file = (name: string, text: string): string => {
      const path = join(at.zoneHome, '..', name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const right = file('right.txt', 'four words of peace\n');
    const wrong = file('wrong.txt', 'four words of pease\n');
    await at.given([
      `zmint init --name Example --server ca1 --dns ca1.example.com --passphrase-file ${right} --yes`,
      `zmint server add web1 --dns web1.example.com --passphrase-file ${right} --yes`,
    ]);
    const moved = (name: string): Promise<{ readonly status: number }> =>
      at.run(`zmint ca move web1 --no-backup-check --passphrase-file ${name} --yes`);
    expect(await moved(wrong)).toMatchObject({ status: 12 });
    expect([existsSync(key(at, 'ca1')), existsSync(key(at, 'web1'))]).toEqual([true, false]);
    expect(await moved(right)).toMatchObject({ status: 0 });
  });

  test.each([
    ['a satellite', 'sat1', 24, 'sat1 is a satellite: only a Primary Server can hold the CA role'],
    ['a device', 'pc7', 24, 'pc7 is a device: only a Primary Server can hold the CA role'],
    ['nobody', 'web9', 16, 'there is no member "web9"'],
  ])('to %s is refused', async (_, word, status, message) => {
    const at = await zone([
      ...SMALL_ZONE,
      'zmint server add sat1 --dns sat1.example.com --kind satellite --yes',
      'zmint device add pc7 --yes',
    ]);
    const refused = await at.run(`zmint ca move ${word} --yes`);
    expect(refused.status).toBe(status);
    expect(refused.err).toContain(message);
  });

  test('in a zone with an external CA is refused', async () => {
    const at = commandLine();
    await layExampleFiles(at);
    await at.given(EXTERNAL_ZONE);
    const refused = await at.run('zmint ca move web1 --yes');
    expect(refused.status).toBe(24);
    expect(refused.err).toContain('there is no key to move');
  });
});
