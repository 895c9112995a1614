import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeCerttoolCa, type CerttoolCa } from '../support/certtool-ca.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { HandshakeStorm, type StormCount } from '../support/handshake-storm.js';
import { stamp } from '../support/placed-pki.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { nodeOnce, type TlsClient } from '../support/tls-client.js';
import { curlOnce, opensslOnce } from '../support/tls-tools.js';
import { requireTool } from '../support/tools.js';
import { waitUntil } from '../support/wait-until.js';
import { NginxZone, type Json } from './nginx-zone.js';

const able = ['nginx', 'curl', 'openssl', 'certtool'].map(requireTool).every((found) => found);

(able ? describe : describe.skip)('the CA of running nginx servers is changed', () => {
  const folder = temporaryFolder();
  let zone: NginxZone;
  let openssl: ExternalCa;
  let certtool: CerttoolCa;
  let storm: HandshakeStorm;

  beforeAll(async () => {
    openssl = makeExternalCa(Date.now() / 1000);
    certtool = makeCerttoolCa();
    zone = new NginxZone();
    await zone.make('web1', 'web2');
    // Members of the zone: they trust what is published at the moment.
    const asMember =
      (client: TlsClient): TlsClient =>
      (attempt) =>
        client({ ...attempt, root: bundle() });
    const clients = zone.sites.flatMap(({ name, address }) => [
      { ...address, root: '', name: `node at ${name}`, client: asMember(nodeOnce) },
      { ...address, root: '', name: `curl at ${name}`, client: asMember(curlOnce) },
    ]);
    storm = new HandshakeStorm(clients, { pauseMs: 20 });
    storm.start();
  });

  afterAll(async () => {
    await storm.stop();
    await zone.stopAll();
  });

  function bundle(): string {
    return readFileSync(join(zone.zoneHome, 'truststore/cacerts.pem'), 'latin1');
  }

  function file(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }

  async function rest(): Promise<void> {
    const aim = storm.total() + 40;
    await waitUntil('clients to connect', () => storm.total() >= aim, 60_000);
  }

  /** Nobody of the zone was turned away since the beginning. */
  function expectNobodyTurnedAway(): void {
    const counts: readonly StormCount[] = Object.values(storm.counts());
    expect(counts.map(({ reasons }) => reasons)).toEqual(counts.map(() => ({})));
  }

  /** Files with what the CA signs of each request that waits. */
  async function signAll(sign: (csr: string) => string): Promise<readonly string[]> {
    const { requests } = await zone.json(0, 'generate-csr', '--waiting');
    const waiting = requests as readonly { readonly server: string; readonly csr: string }[];
    expect(waiting.map(({ server }) => server)).toEqual(['ca1', 'web1', 'web2']);
    return waiting.map(({ server, csr }) => file(`${server}.cer`, sign(csr)));
  }

  function leaves(): readonly (string | undefined)[] {
    return zone.sites.map(({ name }) => zone.live(name)[0]);
  }

  /** The whole way to an external CA, with a look at the gate in between. */
  async function toExternal(chain: string, sign: (csr: string) => string): Promise<void> {
    const before = leaves();
    const roots = zone.roots();
    const begun = await zone.json(
      0,
      'ca',
      'change',
      '--no-backup-check',
      '--to',
      'external',
      '--chain',
      chain,
    );
    expect(begun).toMatchObject({ operation: { phase: 'armed', policy: 'gate' } });
    expect(zone.roots()).toHaveLength(roots.length + 1);
    expect((await zone.run('update', 'readiness')).status).toBe(14);
    expect((await zone.run('ssl', 'activate', '--now', '--yes')).status).toBe(14);
    const [first = '', ...others] = await signAll(sign);
    const waits = await zone.json(0, 'ssl', 'import', first);
    expect(waits).toMatchObject({ operation: { phase: 'armed' } });
    await rest();
    await zone.settled();
    expect(leaves()).toEqual(before);
    expect((await zone.run('ssl', 'verify')).status).toBe(0);
    const changed = await zone.json(0, 'ssl', 'import', ...others);
    expect(changed).toMatchObject({ operation: { phase: 'active' } });
    expect(leaves().filter((leaf) => before.includes(leaf))).toEqual([]);
    await rest();
    expect((await zone.run('ssl', 'verify')).status).toBe(0);
  }

  /** Lets the old root go; then clients with the new root alone are served by all. */
  async function retire(): Promise<void> {
    const retired = await zone.json(0, 'ssl', 'retire');
    expect(retired).toMatchObject({ operation: { phase: 'done' } });
    const [root = '', ...more] = zone.roots();
    expect(more).toEqual([]);
    await zone.settled();
    for (const client of [nodeOnce, curlOnce, opensslOnce])
      for (const { address } of zone.sites)
        expect(await client({ ...address, root })).toMatchObject({ ok: true });
    expect((await zone.run('ssl', 'verify')).status).toBe(0);
    expect((await zone.run('doctor')).status).toBe(0);
    await rest();
    expectNobodyTurnedAway();
  }

  async function shown(): Promise<Json> {
    return JSON.parse((await zone.run('ca', 'show', '--json')).stdout) as Json;
  }

  test('from internal to external: root and intermediate, signed by openssl ca', async () => {
    // The root first: zmint sorts.
    const chain = file('chain.pem', openssl.root + openssl.intermediate);
    await toExternal(chain, (csr) => openssl.sign(csr));
    for (const { name } of zone.sites) expect(zone.live(name)).toHaveLength(2);
    expect(await shown()).toMatchObject({ kind: 'external', generation: 2 });

    const back = await zone.json(0, 'ssl', 'rollback');
    expect(back).toMatchObject({ operations: [{ operation: { phase: 'armed' } }] });
    expect(await shown()).toMatchObject({ kind: 'internal', generation: 1 });
    await rest();
    const again = await zone.json(0, 'ssl', 'activate');
    expect(again).toMatchObject({ operations: [{ operation: { phase: 'active' } }] });
    await retire();
  }, 180_000);

  test('the same external CA with a renewed root', async () => {
    openssl.openssl(
      ...['ca', '-batch', '-notext', '-selfsign', '-config', 'ca.cnf', '-keyfile', 'root.key'],
      ...['-in', 'root.csr', '-extfile', 'root.ext', '-out', 'renewed.pem'],
      ...['-startdate', stamp(-3600), '-enddate', stamp(4000 * 86_400)],
    );
    const renewed = readFileSync(join(openssl.folder, 'renewed.pem'), 'latin1');
    const chain = file('renewed.pem', openssl.intermediate + renewed);
    await toExternal(chain, (csr) => openssl.sign(csr));
    expect(await shown()).toMatchObject({ kind: 'external', generation: 3 });
    await retire();
  }, 180_000);

  test('from one external CA to another, made by certtool', async () => {
    await toExternal(file('certtool.pem', certtool.root), (csr) => certtool.sign(csr));
    expect(await shown()).toMatchObject({ kind: 'external', generation: 4 });
    await retire();
  }, 180_000);

  test('back to an internal CA, on another server than before', async () => {
    const before = leaves();
    const words = ['--to', 'internal', '--server', 'web1', '--no-passphrase'];
    const changed = await zone.json(0, 'ca', 'change', '--no-backup-check', ...words);
    expect(changed).toMatchObject({ operation: { phase: 'active', policy: 'gate' } });
    expect(leaves().filter((leaf) => before.includes(leaf))).toEqual([]);
    expect(await shown()).toMatchObject({ kind: 'internal', generation: 5, server: 'web1' });
    await rest();
    await retire();
    expect(await zone.json(0, 'ssl', 'remint', '--ca', '--no-backup-check')).toMatchObject({
      operation: { phase: 'active' },
    });
  }, 180_000);

  test('no configuration of a server was ever edited, and many have connected', () => {
    expect(zone.editedConfigs()).toEqual([]);
    const counts = Object.entries(storm.counts());
    const told = counts.map(([name, { ok, failed }]) => `  ${name}: ${ok} ok, ${failed} failed`);
    process.stderr.write(`members while the CA was changed\n${told.join('\n')}\n`);
    expect(storm.total()).toBeGreaterThan(500);
  });
});
