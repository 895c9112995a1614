import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startNginx } from './nginx.js';
import type { Nginx } from './nginx.js';
import { startNodeTlsProcess } from './node-tls-process.js';
import { startNodeTlsServer } from './node-tls-server.js';
import { freePort } from './free-port.js';
import { HandshakeStorm } from './handshake-storm.js';
import { makeOpensslZone, pemFingerprint, putLive } from './openssl-zone.js';
import type { OpensslLeaf, OpensslZone } from './openssl-zone.js';
import { temporaryFolder } from './temporary-folder.js';
import { nodeOnce } from './tls-client.js';
import type { TlsClient } from './tls-client.js';
import { curlOnce, opensslOnce } from './tls-tools.js';
import { requireTool } from './tools.js';
import { waitUntil } from './wait-until.js';

const NAME = 'web1.zone.test';
const present = ['openssl', 'nginx', 'curl'].map(requireTool).every(Boolean);
const CLIENTS: readonly (readonly [string, TlsClient])[] = [
  ['node', nodeOnce],
  ['openssl', opensslOnce],
  ['curl', curlOnce],
];

(present ? describe : describe.skip)('clients that trust one root', () => {
  let zone: OpensslZone;
  let oldLeaf: OpensslLeaf;
  let newLeaf: OpensslLeaf;
  let home: string;
  let nginx: Nginx;
  beforeAll(async () => {
    zone = makeOpensslZone();
    oldLeaf = zone.leaf('old', NAME);
    newLeaf = zone.leaf('new', NAME);
    home = temporaryFolder();
    nginx = await startNginx({ live: putLive(home, newLeaf.key, [newLeaf.pem, zone.newWithOld]) });
  });
  afterAll(() => nginx.stop());

  describe.each(CLIENTS)('%s', (_name, client) => {
    const at = (root: string, serverName = NAME) =>
      client({ root, target: nginx.target, serverName });

    test.each([
      ['the new root', () => zone.newRoot],
      ['the old root, by the cross-certificate', () => zone.oldRoot],
    ])('connects with %s', async (_what, root) => {
      expect(await at(root())).toMatchObject({ ok: true });
    });

    test.each([
      ['another root', () => zone.strangerRoot, NAME],
      ['another name', () => zone.newRoot, 'web2.zone.test'],
    ])('refuses %s, with a reason', async (_what, root, serverName) => {
      const result = await at(root(), serverName);
      expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(/\w{5}/u) });
    });

    test('knows the certificate that it expects', async () => {
      const attempt = { root: zone.newRoot, target: nginx.target, serverName: NAME };
      const right = await client({ ...attempt, expect: pemFingerprint(newLeaf.pem) });
      expect(right).toEqual({ ok: true, fingerprint: pemFingerprint(newLeaf.pem) });
      const wrong = await client({ ...attempt, expect: pemFingerprint(oldLeaf.pem) });
      expect(wrong).toMatchObject({ ok: false, reason: expect.stringContaining('other') });
    });

    test('fails where nothing listens', async () => {
      const target = `127.0.0.1:${await freePort()}`;
      const result = await client({ root: zone.newRoot, target, serverName: NAME });
      expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(/\w{5}/u) });
    });
  });

  test('a storm counts each kind on its own', async () => {
    const attempt = { target: nginx.target, serverName: NAME };
    const storm = new HandshakeStorm(
      [
        { ...attempt, name: 'new root', root: zone.newRoot },
        { ...attempt, name: 'old root', root: zone.oldRoot },
        { ...attempt, name: 'stranger', root: zone.strangerRoot },
        { ...attempt, name: 'curl', root: zone.oldRoot, client: curlOnce },
      ],
      { parallel: 2 },
    );
    storm.start();
    storm.start();
    await waitUntil('60 handshakes and one of curl', () => {
      return storm.total() >= 60 && (storm.counts().curl?.ok ?? 0) > 0;
    });
    const { stranger, ...others } = await storm.stop();
    for (const count of Object.values(others)) {
      expect(count).toMatchObject({ failed: 0, reasons: {} });
      expect(count.ok).toBeGreaterThan(0);
    }
    expect(stranger?.ok).toBe(0);
    expect(Object.values(stranger?.reasons ?? {})).toEqual([stranger?.failed]);
    const after = storm.total();
    await waitUntil('a moment', () => true);
    expect(storm.total()).toBe(after);
  });

  test('nginx reloads under a storm without turning anyone away', async () => {
    const attempt = { target: nginx.target, serverName: NAME, root: zone.oldRoot };
    const storm = new HandshakeStorm([{ ...attempt, name: 'old root' }], { parallel: 2 });
    storm.start();
    putLive(home, oldLeaf.key, [oldLeaf.pem]);
    process.kill(nginx.pid, 'SIGHUP');
    const expected = pemFingerprint(oldLeaf.pem);
    await waitUntil('the other certificate', async () => {
      return (await nodeOnce({ ...attempt, expect: expected })).ok;
    });
    const counts = await storm.stop();
    expect(counts['old root']).toMatchObject({ failed: 0 });
    putLive(home, newLeaf.key, [newLeaf.pem, zone.newWithOld]);
    process.kill(nginx.pid, 'SIGHUP');
  });

  test('a server in this process reloads by a call', async () => {
    const own = temporaryFolder();
    const server = await startNodeTlsServer({ live: putLive(own, oldLeaf.key, [oldLeaf.pem]) });
    const attempt = { target: server.target, serverName: NAME, root: zone.oldRoot };
    expect(await curlOnce({ ...attempt, expect: pemFingerprint(oldLeaf.pem) })).toMatchObject({
      ok: true,
    });
    putLive(own, newLeaf.key, [newLeaf.pem, zone.newWithOld]);
    server.reload();
    expect(await nodeOnce({ ...attempt, expect: pemFingerprint(newLeaf.pem) })).toMatchObject({
      ok: true,
    });
    await server.stop();
    expect((await nodeOnce(attempt)).ok).toBe(false);
  });

  test('a server in its own process reloads by SIGHUP and survives a bad set', async () => {
    const own = temporaryFolder();
    const server = await startNodeTlsProcess({ live: putLive(own, oldLeaf.key, [oldLeaf.pem]) });
    const attempt = { target: server.target, serverName: NAME, root: zone.oldRoot };
    putLive(own, oldLeaf.key, [newLeaf.pem]);
    process.kill(server.pid, 'SIGHUP');
    expect(await nodeOnce({ ...attempt, expect: pemFingerprint(oldLeaf.pem) })).toMatchObject({
      ok: true,
    });
    putLive(own, newLeaf.key, [newLeaf.pem, zone.newWithOld]);
    process.kill(server.pid, 'SIGHUP');
    const expected = pemFingerprint(newLeaf.pem);
    await waitUntil('the other certificate', async () => {
      return (await nodeOnce({ ...attempt, expect: expected })).ok;
    });
    await server.stop();
  });
});

describe('requireTool', () => {
  const ci = process.env.CI;
  afterAll(() => {
    if (ci === undefined) delete process.env.CI;
    else process.env.CI = ci;
  });

  test('finds what is there', () => {
    expect(requireTool('sh')).toBe(true);
  });

  test('says when a tool is absent, and fails in CI', () => {
    process.env.CI = '';
    expect(requireTool('no-such-tool-of-zmint')).toBe(false);
    process.env.CI = 'true';
    expect(() => requireTool('no-such-tool-of-zmint')).toThrow('not installed');
  });
});
