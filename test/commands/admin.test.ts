import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';

async function zone(): Promise<CommandLine> {
  const at = commandLine();
  await at.given(SMALL_ZONE);
  for (const [name, text] of [
    ['pass', 'four words of peace\n'],
    ['short', 'short\n'],
  ] as const)
    writeFileSync(join(at.zoneHome, '..', name), text, { mode: 0o600 });
  return at;
}

const ANNA = 'zmint admin add anna --privilege admin --password-file pass --yes';

describe('zmint admin', () => {
  test('add asks for the password twice, then whether to go ahead', async () => {
    const at = await zone();
    const { status, out, err } = await at.run('zmint admin add anna --privilege admin', [
      { to: /New password:/u, keys: 'four words of peace\n' },
      { to: /The same again:/u, keys: 'four words of peace\n' },
      { to: /Add anna\?/u, keys: 'y\n' },
    ]);
    expect(err).toContain('Plan: add the administrator anna\n\nPrivilege  admin: everything\n');
    expect([status, out]).toEqual([0, 'anna may sign in, with the privilege admin.\n']);
    expect(`${out}${err}`).not.toContain('peace');
  });

  test('two passwords that differ change nothing', async () => {
    const at = await zone();
    const { status, err } = await at.run('zmint admin add anna --privilege admin', [
      { to: /New password:/u, keys: 'four words of peace\n' },
      { to: /The same again:/u, keys: 'four words of pease\n' },
    ]);
    expect([status, err]).toEqual([2, expect.stringContaining('the two passwords differ')]);
    expect((await at.run('zmint admin list --json')).json()).toEqual({
      schema: 'zmint.admin-list/1',
      administrators: [],
    });
  });

  test('list shows nothing of a password', async () => {
    const at = await zone();
    await at.given([ANNA]);
    at.now += 60;
    await at.given([
      'zmint admin add bert --password-file pass --yes',
      'zmint admin passwd anna --password-file pass --yes',
    ]);
    const { out } = await at.run('zmint admin list');
    expect(out).toContain('Name  Privilege  Added ');
    expect(out).toMatch(/^anna +admin +2026-11-21 12:00/mu);
    expect(out).toMatch(/^bert +operator +2026-11-21 12:01/mu);
    const { json } = await at.run('zmint admin list --json');
    expect(json()).toEqual({
      schema: 'zmint.admin-list/1',
      administrators: [
        {
          name: 'anna',
          privilege: 'admin',
          addedAt: '2026-11-21T12:00:00Z',
          passwordSetAt: '2026-11-21T12:01:00Z',
        },
        {
          name: 'bert',
          privilege: 'operator',
          addedAt: '2026-11-21T12:01:00Z',
          passwordSetAt: '2026-11-21T12:01:00Z',
        },
      ],
    });
  });

  test('remove', async () => {
    const at = await zone();
    await at.given([ANNA, 'zmint admin add bert --password-file pass --yes']);
    expect((await at.run('zmint admin remove anna --yes')).err).toContain('anna is the last admin');
    const dry = await at.run('zmint admin remove bert --dry-run --json');
    expect(dry.json()).toMatchObject({ plan: { name: 'bert', privilege: 'operator' } });
    const { status, out } = await at.run('zmint admin remove bert', [
      { to: /Remove bert\?/u, keys: 'y\n' },
    ]);
    expect([status, out]).toEqual([0, 'bert may sign in no more.\n']);
    await at.given(['zmint admin remove anna --yes']);
  });

  test.each([
    ['zmint admin add anna --password-file pass --yes', 24, 'must have the privilege admin'],
    ['zmint admin add Anna --password-file pass --yes', 24, '"Anna" is no name'],
    ['zmint admin add anna --privilege admin --password-file short --yes', 24, 'fewer than 10'],
    ['zmint admin add anna --privilege root --yes', 2, 'admin'],
    ['zmint admin add anna --privilege admin --yes', 2, 'nobody to ask for the new password'],
    ['zmint admin add anna --privilege admin --password-file none --yes', 17, 'is not there'],
    [
      'zmint admin add anna --privilege admin --password-file pass --password-fd 3 --yes',
      2,
      'exclude each other',
    ],
    ['zmint admin passwd dora --password-file pass --yes', 17, 'no administrator "dora"'],
    ['zmint admin remove dora --yes', 17, 'no administrator "dora"'],
    ['zmint admin add anna --privilege admin --password-file pass', 2, '--yes'],
  ])('%s is refused with %p', async (line, status, said) => {
    const at = await zone();
    const refused = await at.run(line);
    expect([refused.status, refused.err]).toEqual([status, expect.stringContaining(said)]);
    expect((await at.run('zmint admin list')).out).toContain('There is no administrator');
  });
});
