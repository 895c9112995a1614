import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { HandshakeStorm } from '../support/handshake-storm.js';
import { SUBORDINATE } from '../support/subordinate-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { nodeOnce } from '../support/tls-client.js';
import { curlOnce, opensslOnce } from '../support/tls-tools.js';
import { requireTool } from '../support/tools.js';
import { waitUntil } from '../support/wait-until.js';
import { NginxZone } from './nginx-zone.js';

const able = ['nginx', 'curl', 'openssl'].map(requireTool).every((found) => found);
const CHANGE = ['ca', 'change', '--to', 'internal', '--subordinate', '--out'];

(able ? describe : describe.skip)('clients that know only the root of the company', () => {
  const folder = temporaryFolder();
  let zone: NginxZone;
  let company: ExternalCa;
  let storm: HandshakeStorm;

  beforeAll(async () => {
    company = makeExternalCa(Date.now() / 1000);
    zone = new NginxZone();
    await zone.make('web1');
    await change();
    await zone.json(0, 'ssl', 'retire');
    await zone.settled();
    const tools = { node: nodeOnce, curl: curlOnce, openssl: opensslOnce };
    const clients = zone.sites.flatMap(({ name, address }) =>
      Object.entries(tools).map(([tool, client]) => ({
        ...{ ...address, root: company.root, name: `${tool} at ${name}`, client },
      })),
    );
    storm = new HandshakeStorm(clients, { pauseMs: 20 });
    storm.start();
  }, 60_000);

  afterAll(async () => {
    await storm.stop();
    await zone.stopAll();
  });

  /** The company signs the next CA, and the zone changes to it. */
  async function change(): Promise<void> {
    const csr = join(folder, 'ca.csr');
    await zone.json(0, ...CHANGE, csr);
    const own = company.sign(readFileSync(csr, 'latin1'), { extensions: SUBORDINATE });
    const file = join(folder, 'ca.pem');
    writeFileSync(file, own + company.intermediate + company.root);
    const taken = await zone.json(0, 'ssl', 'import', file, '--no-backup-check');
    expect(taken).toMatchObject({ operation: { phase: 'active' } });
  }

  async function rest(): Promise<void> {
    const aim = storm.total() + 20;
    await waitUntil('clients to connect', () => storm.total() >= aim, 30_000);
  }

  test('are never turned away by a successor under it, nor by its rollback', async () => {
    await rest();
    const leaves = (): readonly (string | undefined)[] =>
      zone.sites.map(({ name }) => zone.live(name)[0]);
    const before = leaves();
    await change();
    expect(leaves().filter((leaf) => before.includes(leaf))).toEqual([]);
    await rest();
    await zone.json(0, 'ssl', 'rollback');
    expect(leaves()).toEqual(before);
    await rest();
    await zone.json(0, 'ssl', 'activate');
    await zone.json(0, 'ssl', 'retire');
    await zone.settled();
    await rest();
    const counts = Object.values(storm.counts());
    expect(counts).toHaveLength(6);
    expect(counts.map(({ reasons }) => reasons)).toEqual(counts.map(() => ({})));
    expect((await zone.run('ssl', 'verify')).status).toBe(0);
  }, 60_000);
});
