import { X509Certificate } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HandshakeStorm, type StormClient, type StormCount } from '../support/handshake-storm.js';
import { nodeOnce, type TlsClient } from '../support/tls-client.js';
import { curlOnce, opensslOnce } from '../support/tls-tools.js';
import { requireTool } from '../support/tools.js';
import { waitUntil } from '../support/wait-until.js';
import { NginxZone, type Json, type NginxSite } from './nginx-zone.js';

const able = ['nginx', 'curl', 'openssl'].map(requireTool).every((found) => found);
const LEAST_HANDSHAKES = 2000;
const TOOLS: readonly (readonly [string, TlsClient])[] = [
  ['curl', curlOnce],
  ['openssl s_client', opensslOnce],
];

function clientsOf(
  sites: readonly NginxSite[],
  root: string,
  name: string,
): readonly StormClient[] {
  return sites.map(({ address }) => ({ ...address, root, name: `node, ${name}` }));
}

function toolsOf(sites: readonly NginxSite[], root: string, name: string): readonly StormClient[] {
  return TOOLS.flatMap(([tool, client], index) => {
    const site = sites[index % sites.length];
    return site === undefined ? [] : [{ ...site.address, root, name: `${tool}, ${name}`, client }];
  });
}

/** Clients of one kind at all servers: many of this process, and a few of other tools at intervals. */
class Kind {
  readonly #storms: readonly HandshakeStorm[];

  constructor(sites: readonly NginxSite[], root: string, name: string) {
    this.#storms = [
      new HandshakeStorm(clientsOf(sites, root, name), { parallel: 2 }),
      new HandshakeStorm(toolsOf(sites, root, name), { pauseMs: 300 }),
    ];
    for (const storm of this.#storms) storm.start();
  }

  total(): number {
    return this.#storms.reduce((sum, storm) => sum + storm.total(), 0);
  }

  async stop(): Promise<Record<string, StormCount>> {
    const counts = await Promise.all(this.#storms.map((storm) => storm.stop()));
    return Object.assign({}, ...counts) as Record<string, StormCount>;
  }
}

(able ? describe : describe.skip)('a CA is reminted under clients of a real nginx', () => {
  let zone: NginxZone;
  let oldRoot = '';
  let newRoot = '';
  const kinds: Kind[] = [];
  const story: string[] = [];

  beforeAll(async () => {
    zone = new NginxZone();
    await zone.make('web1', 'web2');
    [oldRoot = ''] = zone.roots();
  });

  afterAll(async () => {
    await Promise.all(kinds.map((kind) => kind.stop()));
    await zone.stopAll();
  });

  /** Handshakes while something is done. */
  async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
    const before = kinds.map((kind) => kind.total());
    const result = await work();
    const counts = kinds.map((kind, index) => kind.total() - (before[index] ?? 0));
    story.push(`${what}: ${counts.join(' + ')}`);
    for (const count of counts) expect(count).toBeGreaterThan(0);
    return result;
  }

  async function rest(handshakes: number): Promise<void> {
    for (const kind of kinds) {
      const aim = kind.total() + handshakes;
      await waitUntil('clients to connect', () => kind.total() >= aim, 60_000);
    }
  }

  /** What each server shows now, and which set of the zone that is. */
  async function shown(): Promise<readonly string[]> {
    await zone.settled();
    return Promise.all(
      zone.sites.map(async ({ name, address }) => {
        const [pem = ''] = zone.live(name);
        const expected = new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
        const result = await nodeOnce({ ...address, root: oldRoot, expect: expected });
        return result.ok ? result.fingerprint : result.reason;
      }),
    );
  }

  test('through staging, activation, rollback and re-activation nobody is turned away', async () => {
    kinds.push(new Kind(zone.sites, oldRoot, 'old root'));
    await during('before', () => rest(200));
    const before = await shown();

    const instant = new Date(Math.ceil(Date.now() / 1000 + 20) * 1000);
    await during('remint and staging', async () => {
      const minted = zone.json(
        0,
        'ssl',
        'remint',
        '--ca',
        '--no-backup-check',
        '--activate-at',
        instant.toISOString(),
      );
      newRoot = await zone.published([oldRoot]);
      kinds.push(new Kind(zone.sites, newRoot, 'new root'));
      await rest(1);
      expect(await minted).toMatchObject({ operation: { phase: 'armed' } });
    });
    await during('staged', () => rest(200));
    expect(await shown()).toEqual(before);
    await zone.json(13, 'ssl', 'remint', 'web1');
    const early = (await zone.json(0, 'ssl', 'resume')).operations as readonly Json[];
    expect(Date.now()).toBeLessThan(instant.getTime());
    expect(early).toMatchObject([{ operation: { phase: 'armed' } }]);

    await pause(Math.max(0, instant.getTime() - Date.now()));
    const activated = await during('activation', () => zone.json(0, 'ssl', 'resume'));
    expect(activated).toMatchObject({ operations: [{ operation: { phase: 'active' } }] });
    const after = await shown();
    expect(after.filter((one) => before.includes(one))).toEqual([]);
    await during('active', () => rest(100));

    const back = await during('rollback', () => zone.json(0, 'ssl', 'rollback'));
    expect(back).toMatchObject({ operations: [{ operation: { phase: 'armed' } }] });
    expect(await shown()).toEqual(before);
    await during('rolled back', () => rest(100));
    await during('resume after the rollback', () => zone.json(0, 'ssl', 'resume'));
    expect(await shown()).toEqual(before);

    const again = await during('re-activation', () => zone.json(0, 'ssl', 'activate'));
    expect(again).toMatchObject({ operations: [{ operation: { phase: 'active' } }] });
    expect(await shown()).toEqual(after);
    await during('active again', async () => {
      await rest(200);
      const enough = (): boolean =>
        kinds.reduce((sum, kind) => sum + kind.total(), 0) >= LEAST_HANDSHAKES;
      await waitUntil('enough handshakes', enough, 60_000);
    });

    const counts = Object.assign(
      {},
      ...(await Promise.all(kinds.map((kind) => kind.stop()))),
    ) as Record<string, StormCount>;
    kinds.length = 0;
    tell(counts, story);
    const all = Object.values(counts);
    expect(all.map(({ failed, reasons }) => ({ failed, reasons }))).toEqual(
      all.map(() => ({ failed: 0, reasons: {} })),
    );
    expect(Object.keys(counts)).toHaveLength(6);
    for (const { ok } of all) expect(ok).toBeGreaterThan(10);
    expect(all.reduce((sum, { ok }) => sum + ok, 0)).toBeGreaterThanOrEqual(LEAST_HANDSHAKES);
  }, 180_000);

  test('once the old root is retired, clients that know only that one fail and the others do not', async () => {
    kinds.push(new Kind(zone.sites, newRoot, 'new root'));
    await rest(50);
    const retired = await during('retire', () => zone.json(0, 'ssl', 'retire'));
    expect(retired).toMatchObject({ operation: { phase: 'done' } });
    await rest(50);
    const counts = await kinds.pop()?.stop();
    for (const { failed } of Object.values(counts ?? {})) expect(failed).toBe(0);
    expect(zone.roots()).toEqual([newRoot]);
    for (const { address } of zone.sites) {
      const refused = async (): Promise<boolean> =>
        !(await nodeOnce({ ...address, root: oldRoot })).ok;
      await waitUntil('the cross-certificate to be sent no more', refused);
    }
    await zone.settled();
    for (const client of [nodeOnce, curlOnce, opensslOnce]) {
      for (const { address } of zone.sites) {
        expect(await client({ ...address, root: oldRoot })).toMatchObject({ ok: false });
        expect(await client({ ...address, root: newRoot })).toMatchObject({ ok: true });
      }
    }
    expect((await zone.run('ssl', 'verify')).status).toBe(0);
  }, 60_000);

  test('no configuration of a server was ever edited', () => {
    expect(zone.editedConfigs()).toEqual([]);
  });
});

function tell(counts: Readonly<Record<string, StormCount>>, story: readonly string[]): void {
  const lines = Object.entries(counts).map(
    ([name, { ok, failed }]) => `  ${name}: ${ok} ok, ${failed} failed`,
  );
  const all = Object.values(counts).reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  process.stderr.write(
    `nginx, handshakes while reminting: ${all}\n${lines.join('\n')}\n  old + new root by step: ${story.join(', ')}\n`,
  );
}
