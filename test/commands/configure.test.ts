import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { toolEnvironment } from '../support/tools.js';

let at: CommandLine;
let mark = '';

beforeEach(async () => {
  at = commandLine();
  mark = join(at.zoneHome, '..', 'reloaded');
  writeFileSync(mark, '');
  await at.given([
    ...SMALL_ZONE,
    `zmint server set web1 --reload 'echo web1 >> ${mark}' --yes`,
    `zmint server set ca1 --reload 'echo ca1 >> ${mark}' --yes`,
  ]);
});

/** A self-signed root of that common name, PEM. */
function makeRoot(name: string): Buffer {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', '/dev/null', '-subj', `/CN=${name}`, '-days', '3650'];
  const args = ['req', '-x509', ...curve, ...files];
  return execFileSync('openssl', args, { env: toolEnvironment(), stdio: 'pipe' });
}

const reloaded = (): string => readFileSync(mark, 'utf8');

describe('zmint configure', () => {
  test('SSL is ssl remint, with its menu on a terminal', async () => {
    const { status, json } = await at.run('zmint configure -c SSL -Z web1 --yes --json');
    expect(status).toBe(0);
    expect(json()).toMatchObject({ schema: 'zmint.configure/1', dryRun: false });
    const bare = await at.run('zmint configure -c SSL -Z');
    expect(bare.status).toBe(2);
    const person = [
      { to: /=/u, keys: '\r' },
      { to: /All 2 servers/u, keys: 'y\r' },
      { to: /Activate when/u, keys: '\r' },
      { to: /Remint 2 server/u, keys: 'y\r' },
    ];
    const menu = await at.run('zmint configure -c SSL -Z', person);
    expect(menu.err).toContain('1-(*) Remint Primary Server Certificate');
    expect(menu.status).toBe(0);
  });

  test('Start restarts all services, the CA server first', async () => {
    const { status, out } = await at.run('zmint configure -c Start --yes');
    expect({ status, out }).toEqual({ status: 0, out: 'ca1: reloaded\nweb1: reloaded\n' });
    expect(reloaded()).toBe('ca1\nweb1\n');
    const { out: events } = await at.run('zmint event list --json');
    expect(events).toContain('services-restarted');
  });

  test('Start shows the menus of old: all services and Restart are selected', async () => {
    const person = [
      { to: /=/u, keys: '1\r' },
      { to: /=/u, keys: '\r' },
      { to: /=/u, keys: '\r' },
      { to: /Restart it/u, keys: 'y\r' },
    ];
    const { status, err } = await at.run('zmint configure -c Start', person);
    expect(status).toBe(0);
    expect(err).toContain('1-(*) ca1 (ca1.example.com)\n2-(*) web1 (web1.example.com)\n');
    expect(err).toContain('1-< > ca1 (ca1.example.com)\n2-(*) web1 (web1.example.com)\n');
    expect(err).toContain('1-< > Start\n2-< > Stop\n3-(*) Restart\n');
    expect(reloaded()).toBe('web1\n');
  });

  test('Start and Stop are left to the system', async () => {
    const person = [
      { to: /=/u, keys: '\r' },
      { to: /=/u, keys: '2\r' },
      { to: /=/u, keys: '\r' },
    ];
    const { status, err } = await at.run('zmint configure -c start', person);
    expect(status).toBe(2);
    expect(err).toContain('choose Restart');
    expect(reloaded()).toBe('');
  });

  test('a service that does not come back is told, and the rest is restarted', async () => {
    await at.given(["zmint server set ca1 --reload 'echo no; exit 4' --yes"]);
    const { status, out } = await at.run('zmint configure -c Start --yes');
    expect(status).toBe(40);
    expect(out).toContain('ca1: the reload command of ca1 ended with status 4: no\n');
    expect(reloaded()).toBe('web1\n');
  });

  test('what must be said', async () => {
    expect(await at.run('zmint configure')).toMatchObject({ status: 2 });
    expect((await at.run('zmint configure -c Nonsense')).err).toContain('is not one of SSL, Start');
    const file = await at.run('zmint configure -c AddExternalCAToTrustStore --yes');
    expect(file.err).toContain('the file of the external CA is missing');
    await at.given(['zmint server add mute --dns mute.example.com --yes']);
    const mute = await at.run('zmint configure -c Start mute --yes');
    expect(mute.err).toContain('mute has no reload command');
    expect(mute.status).toBe(17);
  });

  test('AddExternalCAToTrustStore asks for the file and the alias; -Z replaces', async () => {
    const root = (name: string): void => {
      writeFileSync(join(at.zoneHome, '..', 'partner.pem'), makeRoot(name));
    };
    root('First');
    const person = [
      { to: /File path of the external CA/u, keys: 'partner.pem\r' },
      { to: /Alias/u, keys: 'partner\r' },
      { to: /Trust 1 root/u, keys: 'y\r' },
    ];
    const { status } = await at.run('zmint configure -c AddExternalCAToTrustStore', person);
    expect(status).toBe(0);
    const words = 'zmint configure -c AddExternalCAToTrustStore partner.pem --alias partner';
    root('Second');
    expect((await at.run(`${words} --yes`)).status).toBe(24);
    expect((await at.run('zmint truststore list --json')).out).toContain('CN=First');
    await at.given([`${words} -Z --yes`]);
    const { out } = await at.run('zmint truststore list --json');
    expect(out).toContain('CN=Second');
    expect(out).not.toContain('CN=First');
  });

  test('packs are not there yet', async () => {
    for (const action of ['CreateExtractorPacks', 'RebuildCustomPacks'])
      expect((await at.run(`zmint configure -c ${action} -Z`)).err).toContain('update kit');
  });
});
