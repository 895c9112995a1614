import { createHash, X509Certificate } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTlsProbe } from '../../../src/adapters/net/tls-probe.js';
import { freePort } from '../../support/free-port.js';
import { startNginx } from '../../support/nginx.js';
import { makeOpensslZone, pemFingerprint, putLive } from '../../support/openssl-zone.js';
import type { OpensslLeaf, OpensslZone } from '../../support/openssl-zone.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { requireTool } from '../../support/tools.js';

const NAME = 'web1.zone.test';
const probe = createTlsProbe();
const whenOpenssl = requireTool('openssl') ? describe : describe.skip;
const whenNginx = requireTool('nginx') ? test : test.skip;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Listens on loopback until the test ends. */
async function listen(server: Server, host = '127.0.0.1'): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What an impostor can send: TLS 1.2 ServerHello for ECDHE-ECDSA, and somebody's Certificate (RFC 5246 §7.4). */
function helloAndCertificate(der: Buffer): Buffer {
  const length = (size: number): Buffer => Buffer.from([size >> 16, (size >> 8) & 255, size & 255]);
  const message = (type: number, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from([type]), length(body.length), body]);
  const hello = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    Buffer.from([0, 0xc0, 0x2b, 0]),
  ]);
  const list = Buffer.concat([length(der.length), der]);
  const body = Buffer.concat([
    message(2, hello),
    message(11, Buffer.concat([length(list.length), list])),
  ]);
  return Buffer.concat([Buffer.from([22, 3, 3, body.length >> 8, body.length & 255]), body]);
}

function fingerprints(chain: readonly Uint8Array[]): readonly string[] {
  return chain.map((der) => createHash('sha256').update(der).digest('hex'));
}

async function failure(target: string, seconds = 5): Promise<unknown> {
  return probe.look(target, NAME, seconds).then(
    () => 'it saw something',
    (error: unknown) => error,
  );
}

function unreachable(target: string, reason: string): unknown {
  return expect.objectContaining({
    code: 'unreachable',
    details: expect.objectContaining({ target, reason }) as unknown,
    hint: expect.any(String) as unknown,
  });
}

whenOpenssl('a look at a TLS server', () => {
  let zone: OpensslZone;
  let leaf: OpensslLeaf;
  beforeAll(() => {
    zone = makeOpensslZone();
    leaf = zone.leaf('new', NAME);
  });

  function serve(chain: readonly string[], options: TlsOptions = {}, host?: string) {
    const tls = createTlsServer({ key: leaf.key, cert: chain.join(''), ...options });
    tls.on('tlsClientError', () => undefined);
    tls.on('secureConnection', (socket) => socket.on('error', () => undefined));
    return listen(tls, host);
  }

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (version) => {
    test.each([
      ['a leaf alone', () => [leaf.pem]],
      ['a leaf and its cross-certificate', () => [leaf.pem, zone.newWithOld]],
      ['a chain with its root', () => [leaf.pem, zone.newWithOld, zone.oldRoot]],
      ['a leaf and a stray', () => [leaf.pem, zone.strangerRoot]],
      ['a stray in the middle', () => [leaf.pem, zone.strangerRoot, zone.newWithOld]],
      ['a chain in the wrong order', () => [leaf.pem, zone.oldRoot, zone.newWithOld]],
      ['a certificate twice', () => [leaf.pem, zone.newWithOld, zone.newWithOld]],
      ['the leaf twice', () => [leaf.pem, leaf.pem]],
    ])('gives exactly what was sent: %s', async (_what, chain) => {
      const target = await serve(chain(), { minVersion: version, maxVersion: version });
      const seen = await probe.look(target, NAME, 5);
      expect(fingerprints(seen.chain)).toEqual(chain().map(pemFingerprint));
      expect(seen.protocol).toBe(version);
    });

    test('sees the chain of a server that insists on a client certificate', async () => {
      const target = await serve([leaf.pem, zone.newWithOld], {
        ...{ minVersion: version, maxVersion: version },
        ...{ requestCert: true, rejectUnauthorized: true, ca: zone.oldRoot },
      });
      const seen = await probe.look(target, NAME, 5);
      expect(fingerprints(seen.chain)).toEqual([leaf.pem, zone.newWithOld].map(pemFingerprint));
    });
  });

  test('a certificate for another name is reported, not judged', async () => {
    const other = zone.leaf('old', 'other.zone.test');
    const target = await serve([], { key: other.key, cert: other.pem });
    const seen = await probe.look(target, NAME, 5);
    expect(fingerprints(seen.chain)).toEqual([pemFingerprint(other.pem)]);
  });

  test.each([
    [NAME, NAME],
    ['WEB1.zone.test', NAME],
    ['127.0.0.1', undefined],
    ['::1', undefined],
    ['no such name', undefined],
  ])('asked for %s, it sends the SNI %s', async (serverName, sni) => {
    const asked: unknown[] = [];
    const tls = createTlsServer({ key: leaf.key, cert: leaf.pem });
    tls.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      asked.push(socket.servername === false ? undefined : socket.servername);
    });
    const secured = new Promise((resolve) => tls.once('secureConnection', resolve));
    await probe.look(await listen(tls), serverName, 5);
    await secured;
    expect(asked).toEqual([sni]);
  });

  test('an IPv6 address in brackets', async () => {
    const target = await serve([leaf.pem], {}, '::1');
    expect(target).toMatch(/^\[::1\]:\d+$/u);
    expect((await probe.look(target, NAME, 5)).chain).toHaveLength(1);
  });

  test('each look is a full handshake: a change is seen at once', async () => {
    const tls = createTlsServer({ key: leaf.key, cert: leaf.pem });
    tls.on('secureConnection', (socket) => socket.on('error', () => undefined));
    const target = await listen(tls);
    await probe.look(target, NAME, 5);
    const next = zone.leaf('new', NAME);
    tls.setSecureContext({ key: next.key, cert: next.pem });
    const seen = await probe.look(target, NAME, 5);
    expect(fingerprints(seen.chain)).toEqual([pemFingerprint(next.pem)]);
  });

  test('the server sees a whole handshake and an orderly end', async () => {
    const tls = createTlsServer({ key: leaf.key, cert: leaf.pem });
    const log: string[] = [];
    tls.on('tlsClientError', (error) => log.push(error.message));
    const ended = new Promise<void>((resolve) => {
      tls.on('secureConnection', (socket) => {
        socket.on('error', (error: Error) => log.push(error.message));
        socket.on('end', () => log.push('end')).on('close', resolve);
        socket.resume();
      });
    });
    await probe.look(await listen(tls), NAME, 5);
    await ended;
    expect(log).toEqual(['end']);
  });

  test('a certificate without proof of its key does not count', async () => {
    const answer = helloAndCertificate(new X509Certificate(leaf.pem).raw);
    const alert = Buffer.from([21, 3, 3, 0, 2, 2, 40]);
    const target = await listen(
      createTcpServer((socket) => {
        socket.once('data', () => socket.end(Buffer.concat([answer, alert])));
      }),
    );
    const error = await failure(target);
    expect(error).toEqual(unreachable(target, 'no-certificate'));
    expect(error).toHaveProperty('details.code', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE');
  });

  test('more than 20 certificates are refused', async () => {
    const twenty = [leaf.pem, ...Array.from({ length: 19 }, () => zone.newWithOld)];
    expect((await probe.look(await serve(twenty), NAME, 5)).chain).toHaveLength(20);
    const target = await serve([...twenty, zone.newWithOld]);
    expect(await failure(target)).toEqual(unreachable(target, 'too-large'));
  });

  test('more than OpenSSL takes is refused too', async () => {
    const target = await serve([leaf.pem, ...Array.from({ length: 300 }, () => zone.newWithOld)]);
    expect(await failure(target)).toEqual(unreachable(target, 'too-large'));
  });

  test('a server without a certificate', async () => {
    const target = await serve([], { key: undefined, cert: undefined });
    expect(await failure(target)).toEqual(unreachable(target, 'no-certificate'));
  });

  whenNginx('a real nginx, with its chain', async () => {
    const live = putLive(temporaryFolder(), leaf.key, [leaf.pem, zone.newWithOld]);
    const nginx = await startNginx({ live });
    closers.push(() => nginx.stop());
    const seen = await probe.look(nginx.target, NAME, 5);
    expect(fingerprints(seen.chain)).toEqual([leaf.pem, zone.newWithOld].map(pemFingerprint));
  });

  whenNginx('a real nginx that was stopped', async () => {
    const live = putLive(temporaryFolder(), leaf.key, [leaf.pem]);
    const nginx = await startNginx({ live });
    await nginx.stop();
    expect(await failure(nginx.target)).toEqual(unreachable(nginx.target, 'refused'));
  });
});

describe('a look that shows nothing', () => {
  test('nothing listens', async () => {
    const target = `127.0.0.1:${await freePort()}`;
    const error = await failure(target);
    expect(error).toEqual(unreachable(target, 'refused'));
    expect(error).toHaveProperty('message', `nothing listens on ${target}`);
  });

  test('a port that stays silent ends with the time limit', async () => {
    const target = await listen(createTcpServer());
    const before = performance.now();
    const error = await failure(target, 0.3);
    expect(error).toEqual(unreachable(target, 'timeout'));
    expect(error).toHaveProperty(
      'message',
      `${target} took the connection, but finished no TLS handshake within 0.3 s`,
    );
    expect(performance.now() - before).toBeLessThan(30_000);
  });

  test('a plain HTTP port', async () => {
    const target = await listen(createHttpServer((_request, response) => response.end('hello')));
    const error = await failure(target);
    expect(error).toEqual(unreachable(target, 'no-tls'));
  });

  test('a port that greets like SSH', async () => {
    const target = await listen(createTcpServer((socket) => socket.write('SSH-2.0-OpenSSH_9\r\n')));
    expect(await failure(target)).toEqual(unreachable(target, 'no-tls'));
  });

  test('a port that hangs up', async () => {
    const target = await listen(createTcpServer((socket) => socket.end()));
    expect(await failure(target)).toEqual(unreachable(target, 'reset'));
  });

  test('a port that resets the connection', async () => {
    const target = await listen(createTcpServer((socket) => socket.resetAndDestroy()));
    expect(await failure(target)).toEqual(unreachable(target, 'reset'));
  });

  test('a malformed target is wrong usage', async () => {
    expect(await failure('web1')).toHaveProperty('code', 'usage');
  });
});
