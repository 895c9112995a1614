import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TimedRun } from '../support/run-program.js';
import { softhsmFolder } from '../support/softhsm.js';
import { initWorld, run, sign, type SofthsmWorld } from '../support/softhsm-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const hasTools = ['softhsm2-util', 'openssl'].map(requireTool).every(Boolean);

/** What openssl says, and how it ends. */
function openssl(...words: readonly string[]): { readonly status: number; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('openssl', words, {
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  return { status: status ?? -1, said: `${stdout}${stderr}` };
}

(hasTools ? describe : describe.skip)('what a CA signs in SoftHSM2 beside its servers', () => {
  let world: SofthsmWorld;
  let root = '';
  const unplugged = softhsmFolder(temporaryFolder());

  beforeAll(async () => {
    world = await initWorld();
    root = join(world.zoneHome, 'truststore/cacerts.pem');
  }, 120_000);

  test('a certificate for an agent verifies', async () => {
    const out = temporaryFolder();
    await sign(world, 'ca', 'issue', '--name', 'agent', '--out', out, '--yes');
    const strict = ['-x509_strict', '-purpose', 'sslclient'];
    const { said } = openssl('verify', ...strict, '-CAfile', root, join(out, 'certificate.pem'));
    expect(said).toContain('certificate.pem: OK');
  });

  test('a revocation list verifies, and stops what was revoked and nothing else', async () => {
    const out = join(temporaryFolder(), 'crl.pem');
    await sign(world, 'ca', 'crl', '--days', '30', '--out', out, '--yes');
    expect(openssl('crl', '-in', out, '-CAfile', root, '-noout').said).toContain('verify OK');
    const check = (server: string): ReturnType<typeof openssl> => {
      const live = join(world.zoneHome, 'servers', server, 'security/live/server.cer');
      const lists = ['-CRLfile', join(world.zoneHome, 'crl/bundle.pem'), '-crl_check'];
      return openssl('verify', '-CAfile', root, ...lists, live);
    };
    expect(['ca1', 'web1'].map((name) => check(name).status)).toEqual([0, 0]);
    await sign(world, 'ca', 'revoke', 'web1', '--reason', 'key-compromise', '--yes');
    expect(check('ca1').status).toBe(0);
    expect(check('web1').said).toContain('certificate revoked');
  });

  test('without the token, or with a wrong PIN, nothing of it happens', async () => {
    const wrong = join(temporaryFolder(), 'wrong');
    writeFileSync(wrong, '0000\n', { mode: 0o600 });
    const events = async (): Promise<string> => (await run(world, ['event', 'list', '--json'])).out;
    const before = await events();
    const issue = ['issue', '--name', 'x', '--out', temporaryFolder()];
    for (const words of [['crl'], ['revoke', 'ca1', '--reason', 'superseded'], issue]) {
      const all = ['ca', ...words, '--yes', '--pin-file'];
      const absent = await run(world, [...all, world.pinFile], unplugged);
      const refused = await run(world, [...all, wrong]);
      expect([words[0], absent.status, refused.status]).toEqual([words[0], 34, 12]);
    }
    expect(await events()).toBe(before);
    await sign(world, 'ca', 'crl', '--yes');
  });
});

(hasTools ? describe : describe.skip)('a backup of a zone whose CA key is in SoftHSM2', () => {
  let world: SofthsmWorld;
  let backup = '';
  let secret: readonly string[] = [];
  const unplugged = softhsmFolder(temporaryFolder());

  beforeAll(async () => {
    world = await initWorld();
    const folder = temporaryFolder();
    backup = join(folder, 'zone.age');
    writeFileSync(join(folder, 'secret'), 'correct horse battery\n', { mode: 0o600 });
    secret = ['--passphrase-file', join(folder, 'secret')];
  }, 120_000);

  const flat = ({ out, err }: TimedRun): string => `${out}${err}`.replaceAll(/\s+/gu, ' ');

  test('is asked for before the CA changes, and says aloud that the key is not in it', async () => {
    const remint = ['ssl', 'remint', '--ca', '--yes', '--pin-file', world.pinFile];
    const refused = await run(world, remint);
    expect([refused.status, flat(refused)]).toEqual([
      24,
      expect.stringContaining('the CA key, which is in a token, would not be in it'),
    ]);
    const made = await run(world, ['ca', 'backup', backup, ...secret, '--yes']);
    expect([made.status, flat(made)]).toEqual([
      0,
      expect.stringContaining("stays in its token: back it up with the token's own means"),
    ]);
    expect((await run(world, [...remint, '--dry-run'])).status).toBe(0);
  });

  test.each([
    ['with token and PIN', true, true, { proved: true, reason: null }],
    ['without the PIN', true, false, { proved: false, reason: 'its PIN was not given' }],
    [
      'without the token',
      false,
      true,
      { proved: false, reason: 'the token zmint is not plugged in' },
    ],
  ])('is verified %s', async (_name, isPlugged, hasPin, proof) => {
    const pin = hasPin ? ['--pin-file', world.pinFile] : [];
    const words = ['ca', 'backup', 'verify', backup, ...secret, ...pin];
    const done = await run(world, [...words, '--json'], isPlugged ? {} : unplugged);
    expect(done.status).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({
      verified: true,
      generations: [],
      inToken: [{ generation: 1, keyUri: expect.stringMatching(/^pkcs11:token=zmint/u), ...proof }],
    });
    const told = flat(await run(world, words, isPlugged ? {} : unplugged));
    expect(told).toContain(
      proof.proved ? 'it has signed a test there' : `not proved: ${proof.reason ?? ''}`,
    );
    expect(told).not.toContain('external');
  });

  test('is restored on another host, where the token makes the CA whole', async () => {
    const there = { ...world, zoneHome: join(temporaryFolder(), 'there/zone') };
    mkdirSync(dirname(there.zoneHome), { mode: 0o700 });
    const restored = await run(there, ['ca', 'restore', backup, ...secret, '--yes'], unplugged);
    expect([restored.status, flat(restored)]).toEqual([
      0,
      expect.stringContaining('is not in the backup but in the token zmint'),
    ]);
    const doctor = await run(there, ['doctor'], unplugged);
    expect(flat(doctor)).toContain('the token zmint is not plugged in');
    expect(flat(doctor)).toContain('if the token is lost for good: zmint ssl remint --ca');
    const served = (): string =>
      readFileSync(join(there.zoneHome, 'servers/web1/security/live/server.cer'), 'latin1');
    const before = served();
    await sign(there, 'ssl', 'remint', 'web1', '--yes');
    expect(served()).not.toBe(before);
    await sign(there, 'ca', 'move', 'web1', '--yes');
    expect((await run(there, ['doctor'])).status).toBe(0);
    await sign(there, 'ca', 'crl', '--yes');
  }, 120_000);
});
