import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createChainFetcher } from '../../../src/adapters/net/chain-fetcher.js';
import type { ChainRequest } from '../../../src/ports/chain-fetcher.js';
import { START_TLS, type StartTls } from '../../../src/zone/start-tls.js';
import { makeOpensslZone, type OpensslLeaf, type OpensslZone } from '../../support/openssl-zone.js';
import {
  startTlsServer,
  type Mischief,
  type StartTlsServer,
} from '../../support/start-tls-server.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';

const NAME = 'mail.zone.test';
const PROTOCOLS = Object.keys(START_TLS) as readonly StartTls[];
const whenOpenssl = requireTool('openssl') ? describe : describe.skip;
const fetcher = createChainFetcher();

let zone: OpensslZone;
let leaf: OpensslLeaf;
const servers: StartTlsServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function requestTo(
  protocol: StartTls,
  mischief: Mischief = 'none',
  timeout = 10,
): Promise<ChainRequest> {
  const chain = leaf.pem + zone.newWithOld;
  const server = await startTlsServer({ protocol, key: leaf.key, chain, mischief });
  servers.push(server);
  const target = `127.0.0.1:${server.port}`;
  return { target, serverName: NAME, startTls: protocol, timeout };
}

whenOpenssl('fetching a chain after STARTTLS', () => {
  beforeAll(() => {
    zone = makeOpensslZone();
    leaf = zone.leaf('new', NAME);
  });

  test.each(PROTOCOLS)('%s: the whole chain, as sent', async (protocol) => {
    const { chain, protocol: version } = await fetcher.fetch(await requestTo(protocol));
    const sent = [leaf.pem, zone.newWithOld].map((pem) => new X509Certificate(pem).raw);
    expect(chain.map((der) => Buffer.from(der))).toEqual(sent.map((raw) => Buffer.from(raw)));
    expect(version).toBe('TLSv1.3');
  });

  test.each(PROTOCOLS)(
    '%s: openssl begins TLS with the server of this test too',
    async (protocol) => {
      const { target } = await requestTo(protocol);
      const run = new Promise<string>((resolve) => {
        const args = ['s_client', '-connect', target, '-starttls', protocol, '-showcerts'];
        const child = execFile('openssl', args, { env: toolEnvironment() }, (_error, out) => {
          resolve(out);
        });
        child.stdin?.end();
      });
      const shown = (await run).match(
        /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/gu,
      );
      expect(shown?.slice(0, 2)).toEqual([leaf.pem, zone.newWithOld]);
    },
  );

  test.each(PROTOCOLS)('%s: a server that refuses is told by its own words', async (protocol) => {
    await expect(fetcher.fetch(await requestTo(protocol, 'refuses'))).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`does not begin TLS as ${protocol} does`),
      details: { reason: 'no-tls' },
    });
  });

  test.each(PROTOCOLS)('%s: words in clear behind the consent are refused', async (protocol) => {
    await expect(
      fetcher.fetch(await requestTo(protocol, 'goes-on-in-clear')),
    ).rejects.toMatchObject({ code: 'unreachable' });
  });

  test.each(PROTOCOLS)('%s: a server that hangs up, or is something else', async (protocol) => {
    const request = await requestTo(protocol, 'hangs-up');
    await expect(fetcher.fetch(request)).rejects.toMatchObject({ code: 'unreachable' });
    const stranger = await requestTo(protocol, 'another-protocol');
    await expect(fetcher.fetch(stranger)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('a server that says nothing ends with the time', async () => {
    const begun = performance.now();
    const request = await requestTo('smtp', 'is-silent', 0.3);
    await expect(fetcher.fetch(request)).rejects.toMatchObject({
      code: 'unreachable',
      details: { reason: 'timeout' },
    });
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  test('nobody there', async () => {
    const request = await requestTo('smtp');
    await servers.pop()?.close();
    await expect(fetcher.fetch(request)).rejects.toMatchObject({
      code: 'unreachable',
      details: { reason: 'refused' },
    });
  });
});
