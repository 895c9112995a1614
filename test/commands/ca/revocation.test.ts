import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DAY } from '../../../src/zone/instant.js';
import { EXTERNAL_ZONE, SMALL_ZONE } from '../../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';
import { layExampleFiles } from '../../support/example-files.js';

let at: CommandLine;
/** Of `SMALL_ZONE`. */
const SERVERS = 2;

beforeEach(async () => {
  at = commandLine();
  await at.given(SMALL_ZONE);
});

interface Crl {
  readonly number: number;
  readonly entries: number;
}

async function crlsAfter(line: string): Promise<readonly Crl[]> {
  const { status, json } = await at.run(`${line} --json --yes`);
  expect(status).toBe(0);
  return json().crls as readonly Crl[];
}

describe('zmint ca crl', () => {
  test('is due when a list ends soon, and not before', async () => {
    const [first] = await crlsAfter('zmint ca crl');
    expect(first).toMatchObject({ entries: 0 });
    expect((await at.run('zmint ca crl --due 2d --yes')).out).toBe('There is nothing to do.\n');
    at.now += 6 * DAY;
    const [second] = await crlsAfter('zmint ca crl --due 2d');
    expect(second?.number).toBeGreaterThan(first?.number ?? 0);
  });

  test('holds as long as the option says, else as the settings say', async () => {
    const ends = async (line: string) =>
      ((await at.run(line)).json().crls as readonly { readonly nextUpdate: string }[])[0]
        ?.nextUpdate;
    expect(await ends('zmint ca crl --days 30 --json --yes')).toBe('2026-12-21T12:00:00Z');
    const settings = { schema: 'zmint.settings/1', crl: { days: 14 } };
    writeFileSync(join(at.zoneHome, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
    expect(await ends('zmint ca crl --json --yes')).toBe('2026-12-05T12:00:00Z');
  });

  test('writes a copy that holds what is in force', async () => {
    await at.given(['zmint ca crl --out copy.pem --yes']);
    const copy = readFileSync(join(at.zoneHome, '../copy.pem'), 'utf8');
    expect(copy).toBe(readFileSync(join(at.zoneHome, 'crl/bundle.pem'), 'utf8'));
  });

  describe('tells the servers', () => {
    const told = (): readonly string[] => {
      const path = join(at.zoneHome, '../told');
      return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').sort() : [];
    };
    const tell = (word: string): string => `echo ${word} >> ${join(at.zoneHome, '../told')}`;

    beforeEach(async () => {
      await at.given([
        `zmint server set ca1 --reload "${tell('both')}" --yes`,
        `zmint server set web1 --reload "${tell('both')}" --yes`,
        `zmint server add web2 --dns web2.example.com --reload "${tell('web2')}; exit 3" --yes`,
        `zmint server add web3 --dns web3.example.com --reload "${tell('web3')}" --yes`,
      ]);
      rmSync(join(at.zoneHome, '../told'), { force: true });
    });

    test('each reload command once; one that fails does not keep the others', async () => {
      const { status, json, err } = await at.run('zmint ca crl --yes --json');
      expect({ status, err }).toMatchObject({ status: 40 });
      expect(told()).toEqual(['both', 'web2', 'web3']);
      expect(json()).toMatchObject({
        members: 4,
        failed: [],
        reloaded: 3,
        unreloaded: [{ member: 'web2', code: 'reload-failed' }],
      });
      const { out } = await at.run('zmint ca crl --yes');
      expect(out).toContain('Reloaded 3 servers.');
      expect(out).toMatch(/web2 goes on with the list from before: .* ended with status 3/u);
    });

    test('also after a revocation', async () => {
      expect((await at.run('zmint ca revoke web1 --reason superseded --yes')).status).toBe(40);
      expect(told()).toEqual(['both', 'web2', 'web3']);
    });

    test('not with --no-reload, and not when nothing is due', async () => {
      await at.given([
        'zmint ca crl --no-reload --yes',
        'zmint ca crl --due 2d --yes',
        'zmint ca revoke web1 --reason superseded --no-reload --yes',
      ]);
      expect(told()).toEqual([]);
      const { err } = await at.run('zmint ca crl --no-reload --dry-run');
      expect(err).toContain('none: servers read the list when they are reloaded next');
    });

    test('once, however often cron tries a member again that is without the list', async () => {
      const home = join(at.zoneHome, 'servers/web3');
      renameSync(join(home, 'security'), join(home, 'aside'));
      symlinkSync('aside', join(home, 'security'));
      await at.run('zmint ca crl --yes');
      expect(told()).toEqual(['both', 'web2']);
      for (let minute = 1; minute <= 2; minute += 1)
        expect((await at.run('zmint ssl resume')).status).toBe(40);
      expect(told()).toEqual(['both', 'web2']);
      rmSync(join(home, 'security'));
      renameSync(join(home, 'aside'), join(home, 'security'));
      expect((await at.run('zmint ssl resume')).status).toBe(0);
      expect(told()).toEqual(['both', 'web2', 'web3']);
    });

    test('that have the list, and no others', async () => {
      rmSync(join(at.zoneHome, 'servers/web3/security'), { recursive: true });
      expect((await at.run('zmint ca crl --yes')).status).toBe(40);
      expect(told()).toEqual(['both', 'web2']);
    });
  });

  test('changes nothing with --dry-run, and asks when nobody can answer', async () => {
    expect((await at.run('zmint ca crl --dry-run')).status).toBe(0);
    const { status, err } = await at.run('zmint ca crl');
    expect(status).toBe(2);
    expect(err).toContain('--yes');
    expect(existsSync(join(at.zoneHome, 'crl'))).toBe(false);
  });

  test('clocks that go back do not bring a number back', async () => {
    const [first] = await crlsAfter('zmint ca crl');
    at.now -= 30 * DAY;
    await expect(at.run('zmint ca crl --yes')).resolves.toMatchObject({ status: 0 });
    at.now += 30 * DAY;
    const [third] = await crlsAfter('zmint ca crl');
    expect(third?.number).toBe((first?.number ?? 0) + 2);
  });

  test('a member that cannot be written to is told of until it has the list', async () => {
    const home = join(at.zoneHome, 'servers/web1');
    renameSync(join(home, 'security'), join(home, 'aside'));
    symlinkSync('aside', join(home, 'security'));
    const { status, out } = await at.run('zmint ca revoke ca1 --reason superseded --yes');
    expect({ status, out }).toMatchObject({ status: 40, out: /web1 did not get it/u });
    const told = 'a revocation list was signed and has not reached every member';
    for (const line of ['zmint check', 'zmint status', 'zmint doctor'])
      expect((await at.run(line)).out.replace(/\s+/gu, ' ')).toContain(told);
    const before = (await at.run('zmint event list')).out;
    expect(await at.run('zmint ssl resume')).toMatchObject({
      status: 40,
      err: /web1 did not get the revocation lists: .* is a symbolic link/u,
    });
    expect((await at.run('zmint event list')).out).toBe(before);
    rmSync(join(home, 'security'));
    renameSync(join(home, 'aside'), join(home, 'security'));
    expect((await at.run('zmint ssl resume')).status).toBe(0);
    const bundle = readFileSync(join(at.zoneHome, 'crl/bundle.pem'), 'utf8');
    expect(readFileSync(join(home, 'security/crl.pem'), 'utf8')).toBe(bundle);
    expect((await at.run('zmint check')).out).not.toContain(told);
  });

  test('a server gets the list with its first certificate, and doctor sees one that lost it', async () => {
    await at.given(['zmint server add web9 --dns web9.example.com --no-mint --yes']);
    const made = (await at.run('zmint ca crl --yes --json')).json();
    expect(made).toMatchObject({ failed: [], members: SERVERS });
    await at.given(['zmint ssl remint web9 --yes']);
    const list = join(at.zoneHome, 'servers/web9/security/crl.pem');
    expect(readFileSync(list, 'utf8')).toBe(
      readFileSync(join(at.zoneHome, 'crl/bundle.pem'), 'utf8'),
    );
    expect((await at.run('zmint doctor')).out).not.toContain('crl.pem');
    rmSync(list);
    expect((await at.run('zmint doctor')).out).toMatch(/security\/crl\.pem of 1 member/u);
    await at.given(['zmint ca crl --yes']);
    expect((await at.run('zmint doctor')).out).not.toContain('crl.pem');
  });

  test('a list that ends is told about everywhere', async () => {
    await at.given(['zmint ca crl --yes']);
    at.now += 6 * DAY + 1;
    const soon = 'the revocation list of generation 1 ends in less than 1 day';
    expect(await at.run('zmint check')).toMatchObject({ status: 1 });
    expect((await at.run('zmint check')).out).toContain(soon);
    at.now += 2 * DAY;
    const ended = 'the revocation list of generation 1 ended 1 day ago';
    expect(await at.run('zmint check')).toMatchObject({ status: 2 });
    for (const line of ['zmint check', 'zmint status', 'zmint doctor', 'zmint ca show'])
      expect((await at.run(line)).out.replace(/\s+/gu, ' ')).toContain(ended);
    expect((await at.run('zmint status --json')).json()).toMatchObject({
      crls: { crls: [{ generation: 1, nextUpdate: '2026-11-28T12:00:00Z' }], unlisted: 0 },
      next: { command: 'zmint ca crl' },
    });
  });
});

describe('zmint ca revoke', () => {
  const certificate = async (): Promise<{ readonly sha256: string; readonly serial: string }> => {
    const { json } = await at.run('zmint ca revoke web1 --reason superseded --dry-run --json');
    const { plan } = json() as {
      plan: { certificate: { readonly sha256: string; readonly serial: string } };
    };
    return plan.certificate;
  };

  test('takes a server, a fingerprint, a serial number and a file for the same certificate', async () => {
    const { sha256, serial } = await certificate();
    const file = join(at.zoneHome, 'servers/web1/security/live/server.cer');
    const colons = serial.toUpperCase().replace(/(..)(?=.)/gu, '$1:');
    for (const word of ['web1', sha256, sha256.slice(0, 8), serial, `00${serial}`, colons, file]) {
      const { json, status } = await at.run(
        `zmint ca revoke ${word} --reason superseded --dry-run --json`,
      );
      expect({ word, status }).toEqual({ word, status: 0 });
      expect(json()).toMatchObject({ plan: { certificate: { sha256 }, server: 'web1' } });
    }
  });

  test('once is enough, and the reason does not change', async () => {
    await at.given(['zmint ca revoke web1 --reason key-compromise --yes']);
    const again = await at.run('zmint ca revoke web1 --reason key-compromise --yes');
    expect(again).toMatchObject({ status: 0 });
    expect(again.out).toContain('nothing to do');
    expect(await at.run('zmint ca revoke web1 --reason superseded --yes')).toMatchObject({
      status: 24,
    });
    expect((await at.run('zmint check')).out).toContain('web1 serves a revoked certificate');
    expect((await at.run('zmint status --json')).json()).toMatchObject({
      next: { command: 'zmint ssl remint web1' },
    });
  });

  test.each([
    ['web1', 'certificate-hold', 24],
    ['web1', 'remove-from-crl', 24],
    ['web1', 'ca-compromise', 24],
    ['web1', 'because', 2],
    ['web9', 'superseded', 17],
    ['1234567', 'superseded', 17],
    ['$CA', 'superseded', 24],
  ])('%s for %s ends with %i and changes nothing', async (word, reason, status) => {
    const named = word === '$CA' ? join(at.zoneHome, 'truststore/cacerts.pem') : word;
    const before = (await at.run('zmint event list --json')).out;
    expect(await at.run(`zmint ca revoke ${named} --reason ${reason} --yes`)).toMatchObject({
      status,
    });
    expect((await at.run('zmint event list --json')).out).toBe(before);
  });

  test('what an external CA signed is refused with the reason', async () => {
    at = commandLine();
    await layExampleFiles(at);
    await at.given(EXTERNAL_ZONE);
    const { status, err } = await at.run('zmint ca revoke chain.pem --reason superseded --yes');
    expect({ status, told: /CA|issued by/u.test(err) }).toEqual({ status: 24, told: true });
    expect(await at.run('zmint ca crl --yes')).toMatchObject({ status: 24 });
  });

  test('a wrong passphrase changes nothing', async () => {
    at = commandLine();
    await at.given([]);
    const pass = (name: string, text: string): string => {
      const path = join(at.zoneHome, '..', name);
      writeFileSync(path, text, { mode: 0o600 });
      return `--passphrase-file ${path}`;
    };
    const right = pass('right', 'four words of peace\n');
    await at.given([`zmint init --name Example --server ca1 --dns ca1.example.com ${right} --yes`]);
    const before = (await at.run('zmint event list --json')).out;
    const wrong = pass('wrong', 'four words of pease\n');
    const line = 'zmint ca revoke ca1 --reason superseded --yes';
    expect(await at.run(`${line} ${wrong}`)).toMatchObject({ status: 12 });
    expect((await at.run('zmint event list --json')).out).toBe(before);
    expect(await at.run(`${line} ${right}`)).toMatchObject({ status: 0 });
  });
});

describe('a revoked certificate that a server uses', () => {
  interface Row {
    readonly name: string;
    readonly status: string;
    readonly revoked: boolean;
  }
  const rows = async (line: string): Promise<readonly Row[]> =>
    (await at.run(`${line} --json`)).json().servers as readonly Row[];

  beforeEach(async () => {
    await at.given(['zmint ca revoke web1 --reason superseded --yes']);
  });

  test('is marked in lists and shown with the reason', async () => {
    expect((await at.run('zmint ssl list')).out).toMatch(/^web1 .* Revoked /mu);
    expect((await at.run('zmint ssl list --member web1')).out).toMatch(/^web1 .* Revoked /mu);
    expect((await at.run('zmint server list')).out).toMatch(/^web1 .*Revoked/mu);
    expect((await at.run('zmint server show web1')).out).toContain('Revoked');
    const [one, ...others] = await rows('zmint ssl list --state revoked');
    expect([one, others]).toMatchObject([{ name: 'web1', revoked: true, status: 'revoked' }, []]);
    const all = await rows('zmint ssl list');
    expect(all.map(({ name, revoked }) => [name, revoked])).toEqual([
      ['ca1', false],
      ['web1', true],
    ]);
    const { out } = await at.run('zmint ssl show web1');
    expect(out).toMatch(
      /Revoked +2026-11-21 12:00:00 .*\n +for superseded\n +zmint ssl remint web1/u,
    );
    expect((await at.run('zmint ssl show web1 --json')).json()).toMatchObject({
      status: 'revoked',
      revoked: true,
      revocation: { reason: 'superseded', revokedAt: '2026-11-21T12:00:00Z' },
    });
    for (const line of ['zmint check', 'zmint doctor', 'zmint status'])
      expect((await at.run(line)).out).toContain('web1 serves a revoked certificate');
  });

  test('is told about while the next one waits, and no more once it is in use', async () => {
    await at.given(['zmint ssl remint web1 --activate-at 2d --yes']);
    const [, waiting] = await rows('zmint ssl list');
    expect(waiting).toMatchObject({ status: 'new-certificate-created', revoked: true });
    expect((await at.run('zmint ssl show web1')).out).toContain('for superseded');
    expect((await at.run('zmint ssl show web1 --future')).out).not.toContain('superseded');
    await at.given(['zmint ssl activate --now --yes']);
    const [, next] = await rows('zmint ssl list');
    expect(next).toMatchObject({ status: 'active', revoked: false });
    expect((await at.run('zmint ssl show web1 --json')).json()).toMatchObject({ revocation: null });
  });
});
