import { afterEach, describe, expect, test } from '@jest/globals';
import { HandshakeStorm } from '../support/handshake-storm.js';
import { makeTestZone } from '../support/test-zone.js';
import { nodeOnce, type AttemptResult } from '../support/tls-client.js';
import { requireTool } from '../support/tools.js';
import { membersOf, NginxZone, type Json } from './nginx-zone.js';

const able = requireTool('nginx');
const YEAR = 31_557_600;
/** A look at a server that does not show what it should lasts 15 seconds. */
const LONG_MS = 120_000;

const zones: NginxZone[] = [];
const storms: HandshakeStorm[] = [];

afterEach(async () => {
  await Promise.all(storms.splice(0).map((storm) => storm.stop()));
  await Promise.all(zones.splice(0).map((zone) => zone.stopAll()));
});

async function zoneWith(...others: readonly string[]): Promise<NginxZone> {
  const zone = new NginxZone();
  zones.push(zone);
  await zone.make(...others);
  return zone;
}

/** Clients that know only one root, at the named servers. */
function storm(
  zone: NginxZone,
  roots: readonly string[],
  names: readonly string[],
): HandshakeStorm {
  const clients = roots.flatMap((root, index) =>
    names.map((name) => ({ ...zone.site(name).address, root, name: `root ${index + 1}` })),
  );
  const started = new HandshakeStorm(clients);
  storms.push(started);
  started.start();
  return started;
}

async function failuresOf(blowing: HandshakeStorm): Promise<readonly object[]> {
  const counts = Object.values(await blowing.stop());
  for (const { ok } of counts) expect(ok).toBeGreaterThan(10);
  return counts.map(({ reasons }) => reasons);
}

function reach(zone: NginxZone, name: string, root: string): Promise<AttemptResult> {
  return nodeOnce({ ...zone.site(name).address, root });
}

function operation(report: Json): unknown {
  const [only] = report.operations as readonly Json[];
  return only?.operation;
}

function members(report: Json): ReturnType<typeof membersOf> {
  const [only] = report.operations as readonly Json[];
  return membersOf(only ?? {});
}

(able ? describe : describe.skip)('an activation with servers in trouble', () => {
  test(
    'puts back and reports each, goes on with the others, and ends when run again',
    async () => {
      const zone = await zoneWith('web1', 'web2', 'web3', 'web4');
      const [oldRoot = ''] = zone.roots();
      await zone.json(0, 'ssl', 'remint', '--ca', '--no-backup-check', '--activate-at', '1h');
      const newRoot = await zone.published([oldRoot]);
      const staged = Object.fromEntries(zone.sites.map(({ name }) => [name, zone.live(name)]));

      zone.script('web2', 'echo no such service >&2; exit 3');
      await zone.stop('web3');
      zone.script('web3', 'true');
      await zone.json(0, 'server', 'set', 'web4', '--reload', 'true');
      const clients = storm(zone, [oldRoot, newRoot], ['ca1', 'web1', 'web2', 'web4']);
      const report = await zone.json(40, 'ssl', 'activate', '--now');

      expect(operation(report)).toMatchObject({ phase: 'activating' });
      expect(members(report)).toMatchObject({
        ca1: { state: 'update-completed', evidence: 'handshake', problem: null },
        web1: { state: 'update-completed', evidence: 'handshake', problem: null },
        web2: { state: 'error', evidence: null, problem: { code: 'reload-failed' } },
        web3: { state: 'error', evidence: null, problem: { code: 'unreachable' } },
        web4: { state: 'error', evidence: null, problem: { code: 'served-differs' } },
      });
      expect(JSON.stringify(members(report).web2)).toContain('no such service');
      for (const name of ['web2', 'web3', 'web4']) expect(zone.live(name)).toEqual(staged[name]);
      for (const name of ['ca1', 'web1']) expect(zone.live(name)).not.toEqual(staged[name]);

      await zone.json(32, 'ssl', 'activate', 'web2', '--now');
      zone.script('web2', zone.reloadOf('web2'));
      await zone.start(zone.site('web3'));
      await zone.json(0, 'server', 'set', 'web4', ...zone.reloadWords('web4'));
      const mended = await zone.json(0, 'ssl', 'activate', '--now');
      expect(operation(mended)).toMatchObject({ phase: 'active' });
      for (const name of ['web2', 'web3', 'web4']) {
        expect(members(mended)[name]).toMatchObject({ evidence: 'handshake', problem: null });
      }
      expect(await failuresOf(clients)).toEqual([{}, {}]);
      expect(await reach(zone, 'web3', oldRoot)).toMatchObject({ ok: true });
      expect(await reach(zone, 'web3', newRoot)).toMatchObject({ ok: true });
      expect(zone.editedConfigs()).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'lets a server that fails while the trust is staged be mended too',
    async () => {
      const zone = await zoneWith('web1');
      const [oldRoot = ''] = zone.roots();
      zone.script('web1', 'exit 1');
      const clients = storm(zone, [oldRoot], ['ca1', 'web1']);
      const report = await zone.json(40, 'ssl', 'remint', '--ca', '--no-backup-check');
      expect(report).toMatchObject({ operation: { phase: 'armed' }, failed: ['web1'] });
      zone.script('web1', zone.reloadOf('web1'));
      const mended = await zone.json(0, 'ssl', 'resume');
      expect(operation(mended)).toMatchObject({ phase: 'active' });
      expect(await failuresOf(clients)).toEqual([{}]);
      expect(await reach(zone, 'web1', await zone.published([oldRoot]))).toMatchObject({
        ok: true,
      });
    },
    LONG_MS,
  );
});

(able ? describe : describe.skip)('a remint without the old root', () => {
  test('of a compromised CA ends all contact of those that know only the old root', async () => {
    const zone = await zoneWith('web1');
    const [oldRoot = ''] = zone.roots();
    const report = await zone.json(
      0,
      'ssl',
      'remint',
      '--ca',
      '--no-backup-check',
      '--compromised',
    );
    expect(report).toMatchObject({ operation: { phase: 'done', compromised: true } });
    const [newRoot = '', ...others] = zone.roots();
    expect(others).toEqual([]);
    await zone.settled();
    expect(newRoot).not.toBe(oldRoot);
    for (const { name } of zone.sites) {
      expect(zone.live(name)).toHaveLength(1);
      expect(await reach(zone, name, oldRoot)).toMatchObject({ ok: false });
      expect(await reach(zone, name, newRoot)).toMatchObject({ ok: true });
    }
    await zone.json(17, 'ssl', 'rollback');
  });

  test('of a zone that has expired is Immediate and brings the servers back', async () => {
    const zone = new NginxZone();
    zones.push(zone);
    const then = Math.floor(Date.now() / 1000) - 6 * YEAR;
    await makeTestZone({ zoneHome: zone.zoneHome, now: then });
    await zone.adopt('ca1');
    const [oldRoot = ''] = zone.roots();
    expect(await reach(zone, 'ca1', oldRoot)).toEqual({ ok: false, reason: 'CERT_HAS_EXPIRED' });
    expect((await zone.run('check', '--warn', '90', '--crit', '5')).status).toBe(2);

    const shown = await zone.run(
      'ssl',
      'remint',
      '--ca',
      '--no-backup-check',
      '--activate-at',
      '14d',
      '--yes',
    );
    expect({ status: shown.status, text: shown.stderr }).toMatchObject({ status: 0 });
    expect(shown.stderr).toContain('Immediate');
    const newRoot = await zone.published([oldRoot]);
    await zone.settled();
    expect(await reach(zone, 'ca1', newRoot)).toMatchObject({ ok: true });
    expect((await zone.run('check', '--warn', '90', '--crit', '5')).status).toBe(0);
    await zone.json(23, 'ssl', 'rollback');
    await zone.json(0, 'ssl', 'retire');
    await zone.settled();
    expect(zone.roots()).toEqual([newRoot]);
    expect(await reach(zone, 'ca1', newRoot)).toMatchObject({ ok: true });
    expect((await zone.run('ssl', 'verify')).status).toBe(0);
  });
});
