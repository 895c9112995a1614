import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../../support/external-ca.js';
import { importWorld, type ImportWorld } from '../../support/import-world.js';
import { stamp } from '../../support/placed-pki.js';
import { NOON } from '../../support/test-zone.js';

const DAY = 86_400;
const INIT =
  'zmint init --name E --server web1 --dns web1.example.com --ca external --chain chain.pem --yes';

let ca: ExternalCa;
let world: ImportWorld;

beforeAll(() => {
  ca = makeExternalCa();
});

beforeEach(async () => {
  world = await importWorld(ca, [INIT, 'zmint server add web2 --dns web2.example.com --yes']);
});

const repo = (server: string): string => join(world.at.zoneHome, 'servers', server, 'remint-repo');

/** The CA signs what lies in the remint-repo, and the administrator places it there. */
function place(server: string, wish: Parameters<ExternalCa['sign']>[1] = {}): void {
  copyFileSync(join(repo(server), 'server.csr'), join(world.at.zoneHome, '..', `${server}.csr`));
  copyFileSync(world.signed(server, wish), join(repo(server), 'server.cer'));
}

describe('zmint ssl remint under an external CA', () => {
  test('makes the request, says that it is out, takes what came back, and activates it', async () => {
    const first = await world.at.run('zmint ssl remint web1 --yes');
    expect(first.err).toContain('Plan: make 1 signing request');
    expect(first.err).toContain('place each as server.cer into its remint-repo');
    expect(first.status).toBe(0);

    const second = await world.at.run('zmint ssl remint web1 --yes');
    expect(second.out).toContain('web1: request 1 is out since 2026-11-21T12:00:00Z');
    expect(second.status).toBe(0);
    expect(readdirSync(join(world.at.zoneHome, 'servers/web1/security/requests'))).toEqual(['1']);

    place('web1');
    const third = await world.at.run('zmint ssl remint web1 --yes');
    expect({ status: third.status, err: third.err }).toMatchObject({ status: 0 });
    world.live('web1');
    expect(readdirSync(repo('web1'))).toEqual([]);
  }, 30_000);

  test('goes on with every server where it is, in one command', async () => {
    await world.at.given(['zmint generate-csr web1 --yes']);
    place('web1');
    const ran = await world.at.run('zmint ssl remint --all --yes --json');
    expect(ran.json()).toMatchObject({
      schema: 'zmint.ssl-remint/1',
      operation: { phase: 'done' },
      requests: [{ server: 'web2', status: 'csr-generated' }],
      out: [],
    });
    expect(await world.status()).toEqual({ web1: 'active', web2: 'csr-generated' });
  }, 30_000);

  test('replaces what has expired at once', async () => {
    await world.at.given(['zmint ssl remint web1 --yes']);
    place('web1', { notAfter: stamp(2 * DAY, NOON) });
    await world.at.given(['zmint ssl remint web1 --yes']);
    const before = world.live('web1').leaf;
    world.at.now += 3 * DAY;
    expect((await world.at.run('zmint status')).out).toContain('expired');
    await world.at.given(['zmint ssl remint --due 30d --yes']);
    place('web1');
    const { err, status } = await world.at.run('zmint ssl remint --due 30d --yes');
    expect(err).toContain('Immediate: what is replaced has expired');
    expect(status).toBe(0);
    expect(world.live('web1').leaf).not.toBe(before);
  }, 30_000);

  test('refuses a placed certificate that does not fit, and changes nothing', async () => {
    await world.at.given(['zmint ssl remint web1 --yes']);
    place('web1', { by: 'stranger' });
    await world.expectRefused('zmint ssl remint web1 --yes', {
      status: 22,
      said: 'remint-repo/server.cer',
    });
  }, 30_000);

  test('has no key of the CA', async () => {
    await world.expectRefused('zmint ssl remint --ca --no-backup-check --yes', {
      status: 24,
      said: 'the CA of this zone, Example root, is external',
    });
  });

  test('a dry run changes nothing, and nothing due is no error', async () => {
    const { status, json } = await world.at.run('zmint ssl remint --all --dry-run --json');
    expect(status).toBe(0);
    expect(json()).toMatchObject({ dryRun: true, plan: { import: null, out: [] } });
    expect(await world.status()).toEqual({ web1: 'no-certificate', web2: 'no-certificate' });
  });
});
