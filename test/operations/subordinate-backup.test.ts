import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { expectUnchanged } from '../support/expect-unchanged.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { opensslAccepts } from '../support/zone-fsck.js';

const SECRET = '--passphrase-file secret.txt';
const EXTERNAL =
  'zmint init --name Example --server web1 --dns web1.example.com --ca external --chain chain.pem --yes';

let company: ExternalCa;

beforeAll(() => {
  company = makeExternalCa();
});

/** Writes the passphrase of backups where commands run. */
function leaveSecret({ zoneHome }: CommandLine): void {
  writeFileSync(join(zoneHome, '../secret.txt'), 'four words of peace\n', { mode: 0o600 });
}

async function backUp({ at }: SubordinateWorld, name = 'zone.age'): Promise<string> {
  leaveSecret(at);
  await at.given([
    `zmint ca backup ${name} ${SECRET} --yes`,
    `zmint ca backup verify ${name} ${SECRET}`,
  ]);
  return join(at.zoneHome, '..', name);
}

/** The zone in another home, as on another host. */
async function restored(backup: string, options = ''): Promise<CommandLine> {
  const at = commandLine();
  leaveSecret(at);
  await at.given([`zmint ca restore ${backup} ${SECRET}${options} --yes`]);
  return at;
}

/** Whether a client that trusts the company alone accepts what a server sends. */
function accepts({ zoneHome, now }: CommandLine, server: string): boolean {
  const path = join(zoneHome, 'servers', server, 'security/live/server.cer');
  const chain = readFileSync(path, 'latin1');
  return opensslAccepts([company.root], chain, temporaryFolder(), new Date(now * 1000));
}

async function expectWorks(at: CommandLine): Promise<void> {
  await at.given(['zmint server add web9 --dns web9.example.com --yes']);
  expect({ old: accepts(at, 'web2'), added: accepts(at, 'web9') }).toEqual({
    old: true,
    added: true,
  });
  for (const line of ['zmint doctor', 'zmint ssl verify'])
    expect({ line, ...(await at.run(line)) }).toMatchObject({ line, status: 0 });
}

async function standing(at: CommandLine): Promise<unknown> {
  const { out } = await at.run('zmint doctor');
  return /backup was made [^.]*? ago(?:, before the newest CA)?/u.exec(
    out.replaceAll(/\s+/gu, ' '),
  )?.[0];
}

describe('a zone under a company root, restored elsewhere', () => {
  test('while its CA waits: the key is there, and what the company signed is taken', async () => {
    const world = await subordinateWorld(company);
    const at = await restored(await backUp(world));
    expect((await at.run('zmint generate-csr --ca')).out).toBe(world.csr());
    expect(await at.run('zmint doctor')).toMatchObject({ status: 0 });
    await at.given([`zmint ssl import ${world.signed()} --yes`]);
    await expectWorks(at);
  });

  test('with another server that holds the waiting key', async () => {
    const world = await subordinateWorld(company);
    const at = await restored(await backUp(world), ' --server web2');
    await at.given([`zmint ssl import ${world.signed()} --yes`]);
    expect((await at.run('zmint ca show')).out).toContain('web2');
    await expectWorks(at);
  });

  test('with its CA, and with a successor that waits, takes over and replaces it', async () => {
    const world = await subordinateWorld(company);
    await world.at.given([`zmint ssl import ${world.signed()} --yes`]);
    await expectWorks(await restored(await backUp(world, 'first.age')));
    await world.at.given(['zmint ssl remint --ca --yes']);
    const signed = world.signed();
    const waiting = await restored(await backUp(world, 'second.age'));
    await waiting.given([`zmint ssl import ${signed} --yes`]);
    await expectWorks(waiting);
    await world.at.given([`zmint ssl import ${signed} --yes`]);
    await expectWorks(await restored(await backUp(world, 'third.age'), ' --server web2'));
    await world.at.given(['zmint ssl retire --yes']);
    await expectWorks(await restored(await backUp(world, 'fourth.age')));
  });

  test('while an external CA is to be replaced by it', async () => {
    const world = await subordinateWorld(company, [
      EXTERNAL,
      'zmint server add web2 --dns web2.example.com --no-mint --yes',
      'zmint ca change --to internal --subordinate --server web1 --no-passphrase --yes',
    ]);
    const backup = await backUp(world);
    for (const server of ['web1', 'web2']) {
      const at = await restored(backup, ` --server ${server}`);
      expect((await at.run('zmint doctor')).status).toBe(0);
      await at.given([`zmint ssl import ${world.signed()} --yes`]);
      expect((await at.run('zmint ca show')).out).toContain(server);
      await expectWorks(at);
    }
  });
});

describe('a backup', () => {
  test('from before the request does not hold the key that waits', async () => {
    const world = await subordinateWorld(company);
    await world.at.given([`zmint ssl import ${world.signed()} --yes`]);
    await backUp(world);
    expect(await standing(world.at)).toMatch(/ago$/u);
    await world.at.given(['zmint ssl remint --ca --yes']);
    expect(await standing(world.at)).toContain('before the newest CA');
    await world.at.given(['zmint ssl cancel --yes']);
    expect(await standing(world.at)).toMatch(/ago$/u);
  });

  test('that holds the waiting key is wanted before the CA is changed', async () => {
    const world = await subordinateWorld(company);
    const { at } = world;
    // The first CA replaces nothing.
    await at.given([`zmint ssl import ${world.signed()} --yes`]);
    await backUp(world, 'before.age');
    const asked = await at.run('zmint ssl remint --ca --yes');
    expect(asked).toMatchObject({ status: 0 });
    expect(asked.err).toMatch(/Backup +the last verified backup was made less than a minute ago;/u);
    const take = `zmint ssl import ${world.signed()}`;
    const refused = await expectUnchanged(at, `${take} --yes`);
    expect(refused).toMatchObject({ status: 24 });
    expect(refused.err).toContain('before the newest CA');
    expect(refused.err).toContain('hint: zmint ca backup FILE');
    const { json } = await at.run(`${take} --dry-run --json`);
    expect(json()).toMatchObject({ plan: { remint: { backup: { suffices: false } } } });
    await backUp(world, 'after.age');
    at.now += 86_401;
    expect(await expectUnchanged(at, `${take} --yes`)).toMatchObject({ status: 24 });
    at.now -= 2;
    const taken = await at.run(`${take} --yes`);
    expect(taken).toMatchObject({ status: 0 });
    expect(taken.err).toMatch(/Backup +the last verified backup was made 23 hours ago/u);
    expect(taken.err).toMatch(/Update +Remint CA of Example/u);
    expect(taken.err + taken.out).not.toMatch(/both trusted|old root|new trust/u);
  });

  test('is no matter of other imports', async () => {
    const { at } = await subordinateWorld(company, [EXTERNAL]);
    const ran = await expectUnchanged(at, 'zmint ssl import chain.pem --no-backup-check --yes');
    expect(ran).toMatchObject({ status: 2 });
  });
});
