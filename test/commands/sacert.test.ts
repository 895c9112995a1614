import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';
import { stamp } from '../support/placed-pki.js';
import { NOON, openTestZone } from '../support/test-zone.js';
import { toolEnvironment } from '../support/tools.js';

const DAY = 86_400;

let ca: ExternalCa;
let world: ImportWorld;

beforeAll(() => {
  ca = makeExternalCa();
});

beforeEach(async () => {
  world = await importWorld(ca);
});

const folder = (): string => join(world.at.zoneHome, '..');

/** A key that zmint does not know, and what the CA makes of it. */
function foreign(name: string, dnsName: string): void {
  const run = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder(), env: toolEnvironment(), stdio: 'pipe' });
  run('genpkey', '-algorithm', 'rsa', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', `${name}.key`);
  const request = run('req', '-new', '-key', `${name}.key`, '-subj', '/CN=x').toString();
  world.file(`${name}.cer`, ca.sign(request, { names: `DNS:${dnsName}` }));
}

async function expectDone(line: string): Promise<string> {
  const ran = await world.at.run(line);
  expect({ status: ran.status, err: ran.err }).toMatchObject({ status: 0 });
  return ran.out;
}

describe('zmint sacert', () => {
  test('puts a certificate at once, and again in its place only when forced', async () => {
    foreign('one', 'web1.example.com');
    await expectDone('zmint sacert web1 one.cer --key one.key --yes');
    const first = world.live('web1').leaf;
    foreign('two', 'web1.example.com');
    const ran = await world.expectRefused('zmint sacert web1 two.cer --key two.key --yes', {
      status: 24,
      said: 'web1 has a certificate that has not expired',
    });
    expect(ran.err).toContain('zmint sacert -f web1 FILE');
    await expectDone('zmint sacert -f web1 two.cer --key two.key --yes');
    expect(world.live('web1').leaf).not.toBe(first);
    // What it had before comes back the same way, or by a rollback.
    await expectDone('zmint ssl rollback --yes');
    expect(world.live('web1').leaf).toBe(first);
    await expectDone('zmint ssl cancel --yes');
    await expectDone('zmint server-add-cert -f web1 two.cer --key two.key --yes');
    await expectDone('zmint sacert -f web1 one.cer --key one.key --yes');
    expect(world.live('web1').leaf).toBe(first);
    expect((await world.at.run('zmint doctor')).status).toBe(0);
  });

  test('takes a renewal for the key that the server has', async () => {
    world.signed('web1');
    await expectDone('zmint ssl import web1.cer --yes');
    world.signed('web1', { notAfter: stamp(200 * DAY, NOON) }, 'renewed.cer');
    await world.expectRefused('zmint ssl import renewed.cer --yes', {
      status: 24,
      said: 'zmint sacert -f web1 FILE takes it',
    });
    const { err } = await world.at.run('zmint sacert -f web1 renewed.cer --yes');
    expect(err).toContain('web1 keeps its key');
    const ctx = await openTestZone({ zoneHome: world.at.zoneHome, now: world.at.now });
    const kept = await ctx.store.certificates({ purpose: 'server', states: ['current'] });
    ctx.store.close();
    expect(kept.map(({ keyFrom }) => keyFrom !== null)).toEqual([true]);
  });

  test('replaces what has expired at once, without force', async () => {
    world.signed('web1', { notAfter: stamp(2 * DAY, NOON) });
    await expectDone('zmint ssl import web1.cer --yes');
    world.at.now += 3 * DAY;
    foreign('next', 'web1.example.com');
    const { status, err } = await world.at.run('zmint sacert web1 next.cer --key next.key --yes');
    expect(err).toContain('Immediate');
    expect(status).toBe(0);
    world.live('web1');
  });

  test('puts those of several servers from a folder', async () => {
    mkdirSync(join(folder(), 'new'));
    for (const [server, name] of [
      ['web1', 'web1'],
      ['web2', 'web2.example.com'],
    ] as const) {
      foreign(name, `${server}.example.com`);
      for (const end of ['cer', 'key'])
        renameSync(join(folder(), `${name}.${end}`), join(folder(), `new/${name}.${end}`));
    }
    world.file('new/notes.txt', 'nothing');
    const { status, err } = await world.at.run('zmint sacert --from new --yes');
    expect(err).toContain('new/notes.txt is named after no server and is passed over');
    expect(status).toBe(0);
    for (const server of ['web1', 'web2']) world.live(server);
    expect(readdirSync(join(world.at.zoneHome, 'servers/web1/remint-repo'))).toEqual([
      'server.csr',
    ]);
  });

  test.each([
    ['nothing', 'zmint sacert --yes', 2, 'server and file are missing'],
    ['a server alone', 'zmint sacert web1 --yes', 2, 'the file is missing'],
    ['a folder and a server', 'zmint sacert web1 --from . --yes', 2, '--from takes servers'],
    ['a folder that is not there', 'zmint sacert --from no --yes', 20, 'cannot read'],
    ['no such server', 'zmint sacert web9 root.pem --yes', 16, 'web9'],
  ])('%s is refused', async (_what, line, status, said) => {
    await world.expectRefused(line, { status, said });
  });

  test('the certificate that another server has today', async () => {
    foreign('one', 'web1.example.com');
    await expectDone('zmint sacert web1 one.cer --key one.key --yes');
    const live = join(world.at.zoneHome, 'servers/web1/security/live');
    for (const force of ['', '-f '])
      await world.expectRefused(
        `zmint sacert ${force}web2 ${live}/server.cer --key ${live}/key.pem --yes`,
        { status: 24, said: 'it is the certificate of web1, not of web2' },
      );
  });

  test('a certificate for another server, and one whose key is not there', async () => {
    foreign('one', 'web1.example.com');
    await world.expectRefused('zmint sacert web2 one.cer --key one.key --yes', {
      status: 24,
      said: 'is not for web2.example.com',
    });
    await world.expectRefused('zmint sacert web1 one.cer --yes', {
      status: 21,
      said: 'fits no key of web1',
    });
    await world.expectRefused('zmint sacert web9 one.cer --key one.key --yes', {
      status: 16,
      said: 'web9',
    });
  });
});
