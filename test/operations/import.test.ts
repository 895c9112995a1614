import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CommandLine } from '../support/command-line.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';
import { stamp } from '../support/placed-pki.js';
import { NOON } from '../support/test-zone.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const DAY = 86_400;
const hasCerttool = requireTool('certtool');

let ca: ExternalCa;
let at: CommandLine;
let world: ImportWorld;
const file: ImportWorld['file'] = (name, bytes) => world.file(name, bytes);
const signed: ImportWorld['signed'] = (server, wish, name) => world.signed(server, wish, name);
const live: ImportWorld['live'] = (server) => world.live(server);
const status: ImportWorld['status'] = () => world.status();

beforeAll(() => {
  ca = makeExternalCa();
});

beforeEach(async () => {
  world = await importWorld(ca);
  ({ at } = world);
});

describe('an import', () => {
  test('matches certificates to waiting keys, in any order and with strays', async () => {
    signed('web2');
    signed('web1');
    file('stray.pem', ca.stranger);
    const ran = await at.run('zmint ssl import stray.pem web2.cer chain.pem web1.cer --yes');
    expect({ status: ran.status, err: ran.err }).toMatchObject({ status: 0 });
    expect(ran.err).toMatch(/web2\.cer +certificate CN=web2\.example\.com +web2/u);
    expect(ran.err).toMatch(/stray\.pem: no certificate of the import needs it/u);
    expect(ran.err).toMatch(/chain\.pem, block 1.*set of web2, web1/u);
    expect(ran.err).toMatch(/chain\.pem, block 2: the zone trusts it already/u);
    for (const server of ['web1', 'web2']) {
      expect(live(server).chain).toHaveLength(1);
      const home = join(at.zoneHome, 'servers', server);
      expect(readdirSync(join(home, 'remint-repo'))).toEqual([]);
      expect(readdirSync(join(home, 'security/requests'))).toEqual([]);
    }
    expect(await status()).toEqual({ web1: 'active', web2: 'active' });
    expect((await at.run('zmint doctor')).status).toBe(0);
    const again = await at.run('zmint ssl import web1.cer web2.cer --yes');
    expect(again.out).toContain('There is nothing to do.');
    expect(again.status).toBe(0);
  });

  test('waits for its instant like a remint, and cancel, rollback and resume work on it', async () => {
    signed('web1');
    const line = 'zmint ssl import web1.cer --activate-at 36h --yes';
    expect((await at.run(line)).status).toBe(0);
    expect(await status()).toMatchObject({
      web1: 'new-certificate-uploaded',
      web2: 'csr-generated',
    });
    expect((await at.run('zmint ssl list')).out).toContain('New certificate uploaded');
    expect(existsSync(join(at.zoneHome, 'servers/web1/security/live'))).toBe(false);

    expect((await at.run('zmint ssl cancel --yes')).status).toBe(0);
    expect(await status()).toMatchObject({ web1: 'csr-generated' });
    expect(readdirSync(join(at.zoneHome, 'servers/web1/remint-repo'))).toEqual(['server.csr']);

    expect((await at.run(line)).status).toBe(0);
    at.now += 37 * 3600;
    expect((await at.run('zmint ssl resume')).status).toBe(0);
    const first = live('web1').leaf;
    expect(readdirSync(join(at.zoneHome, 'servers/web1/security/requests'))).toEqual([]);

    await at.given(['zmint generate-csr web1 --out . --yes']);
    signed('web1', {}, 'second.cer');
    expect((await at.run('zmint ssl import second.cer --yes')).status).toBe(0);
    const second = live('web1').leaf;
    expect(second).not.toBe(first);
    expect((await at.run('zmint ssl rollback --yes')).status).toBe(0);
    expect(live('web1').leaf).toBe(first);
    expect((await at.run('zmint ssl activate --yes')).status).toBe(0);
    expect(live('web1').leaf).toBe(second);
  });

  test('takes what the CA made of an earlier request, whose key has waited', async () => {
    signed('web1');
    await at.given(['zmint generate-csr web1 --yes']);
    expect((await at.run('zmint ssl import web1.cer --yes')).status).toBe(0);
    live('web1');
    // The newer request is still at the CA.
    expect(readdirSync(join(at.zoneHome, 'servers/web1/security/requests'))).toEqual(['2']);
    expect((await at.run('zmint generate-csr web1 --waiting')).status).toBe(0);
  });

  test('takes a key that is given, that lies in the same file, or that was placed', async () => {
    const cwd = join(at.zoneHome, '..');
    const run = (...args: readonly string[]): Buffer =>
      execFileSync('openssl', args, { cwd, env: toolEnvironment(), stdio: 'pipe' });
    const make = (name: string, dns: string): void => {
      run(
        'genpkey',
        '-algorithm',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-384',
        '-out',
        `${name}.key`,
      );
      const request = run('req', '-new', '-key', `${name}.key`, '-subj', '/CN=x').toString();
      file(`${name}.cer`, ca.sign(request, { names: `DNS:${dns}` }));
    };
    make('given', 'web1.example.com');
    expect((await at.run('zmint ssl import given.cer --key given.key --yes')).status).toBe(0);
    make('same', 'web2.example.com');
    file(
      'same.pem',
      readFileSync(join(cwd, 'same.key'), 'utf8') + readFileSync(join(cwd, 'same.cer'), 'utf8'),
    );
    expect((await at.run('zmint ssl import same.pem --yes')).status).toBe(0);
    const before = live('web2').leaf;
    make('placed', 'web2.example.com');
    const der = run('pkcs8', '-topk8', '-nocrypt', '-in', 'placed.key', '-outform', 'DER');
    writeFileSync(join(at.zoneHome, 'servers/web2/remint-repo/key.der'), der, { mode: 0o600 });
    expect((await at.run('zmint ssl import placed.cer --yes')).status).toBe(0);
    expect(live('web2').leaf).not.toBe(before);
  });

  test('warns of what mobile devices refuse, and takes it', async () => {
    signed('web1', { notAfter: stamp(900 * DAY, NOON) });
    const { status: code, err } = await at.run('zmint ssl import web1.cer --yes');
    expect(err).toContain('web1: mobile devices refuse certificates of more than 2 years');
    expect(code).toBe(0);
  });

  (hasCerttool ? test : test.skip)('takes what GnuTLS signs as a CA', async () => {
    const cwd = join(at.zoneHome, '..');
    const certtool = (template: string, ...args: readonly string[]): string => {
      file('template', template);
      const all = [...args, '--template', 'template'];
      return execFileSync('certtool', all, {
        cwd,
        env: toolEnvironment(),
        stdio: 'pipe',
      }).toString();
    };
    file('gnu.key', certtool('', '--generate-privkey', '--ecc'));
    const root = ['--generate-self-signed', '--load-privkey', 'gnu.key'];
    file(
      'gnu.pem',
      certtool(
        'cn = "Gnu Root"\nca\ncert_signing_key\nexpiration_days = 3650\nactivation_date = "2026-11-01 00:00:00 UTC"\n',
        ...root,
      ),
    );
    await at.given(['zmint truststore add gnu.pem --yes']);
    const sign = [
      '--generate-certificate',
      '--load-request',
      'web1.csr',
      '--load-ca-certificate',
      'gnu.pem',
      '--load-ca-privkey',
      'gnu.key',
    ];
    file(
      'gnu.cer',
      certtool(
        'honor_crq_extensions\nexpiration_days = 300\nactivation_date = "2026-11-02 00:00:00 UTC"\n',
        ...sign,
      ),
    );
    const ran = await at.run('zmint ssl import gnu.cer --yes');
    expect({ status: ran.status, err: ran.err }).toMatchObject({ status: 0 });
    expect(live('web1').chain).toEqual([]);
  });
});
