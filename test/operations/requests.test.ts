import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateKey, createPublicKey, hash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  generateRequests,
  planGenerateRequests,
  type RequestsReport,
} from '../../src/operations/generate-requests.js';
import { listServers } from '../../src/operations/list-members.js';
import { listRequests } from '../../src/operations/list-requests.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { CertificateRequest } from '../../src/zone/certificate-request.js';
import type { RequestsWish } from '../../src/zone/requests-wish.js';
import { crashEverywhere } from '../support/crash-loop.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, type TestWorld } from '../support/test-zone.js';

const WISH: RequestsWish = {
  servers: [],
  all: true,
  commonName: null,
  fields: {},
  keySpec: null,
  includeDns: false,
  names: [],
};

let world: TestWorld;

beforeEach(async () => {
  world = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(world, [
    { name: 'web1', dnsName: 'web1.example.com', additionalDnsNames: ['www.example.com'] },
  ]);
});

async function within<T>(work: (ctx: OperationContext) => Promise<T>): Promise<T> {
  const ctx = await openTestZone(world);
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

async function make(
  ctx: OperationContext,
  wish: Partial<RequestsWish> = {},
): Promise<RequestsReport> {
  return generateRequests(ctx, await planGenerateRequests(ctx, { ...WISH, ...wish }, NOON));
}

/** The key that waits belongs to the request that was recorded; eyes of node:crypto. */
function expectKeyWaits(zoneHome: string, server: string, request: CertificateRequest): void {
  const folder = join(zoneHome, 'servers', server, 'security/requests', String(request.number));
  const key = createPrivateKey({
    key: readFileSync(join(folder, 'key.der')),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  expect(hash('sha256', spki, 'hex')).toBe(request.spkiSha256);
  expect(readFileSync(join(folder, 'server.csr'), 'utf8')).toBe(request.csr);
}

describe('signing requests', () => {
  test('take the names of the server, its fields and more names', async () => {
    const [made] = (
      await within((ctx) =>
        make(ctx, {
          servers: ['web1'],
          all: false,
          fields: { O: 'Example', C: 'DE' },
          names: ['*.example.com', '192.0.2.7'],
        }),
      )
    ).made;
    expect(made?.request).toMatchObject({
      subject: 'CN=web1.example.com,O=Example,C=DE',
      dnsNames: ['web1.example.com', 'www.example.com', '*.example.com'],
      ipAddresses: ['192.0.2.7'],
      state: 'csr-generated',
    });
    const repo = join(world.zoneHome, 'servers/web1/remint-repo/server.csr');
    expect(readFileSync(repo, 'utf8')).toBe(made?.request.csr);
  });

  test('a new one takes the place of the one that waits, whose key stays', async () => {
    await within(async (ctx) => {
      await make(ctx);
      await make(ctx, { servers: ['web1'], all: false });
      const requests = await ctx.store.requests();
      expect(requests.map(({ state }) => state).sort()).toEqual([
        'csr-generated',
        'csr-generated',
        'superseded',
      ]);
      const web1 = (await ctx.store.members()).find(({ name }) => name === 'web1');
      for (const one of requests.filter(({ memberId }) => memberId === web1?.id))
        expectKeyWaits(world.zoneHome, 'web1', one);
      const waiting = await listRequests(ctx, ['web1'], NOON);
      expect(waiting.map(({ request }) => request.number)).toEqual([2]);
    });
  });

  test('what fails is recorded with its reason, the others go on, the next try mends it', async () => {
    const security = join(world.zoneHome, 'servers/web1/security');
    mkdirSync(join(security, 'requests'), { mode: 0o700 });
    chmodSync(join(security, 'requests'), 0o777);
    await within(async (ctx) => {
      const { made, failed } = await make(ctx);
      expect(made.map(({ member }) => member.name)).toEqual(['ca1']);
      expect(failed.map(({ member, error }) => [member.name, error.code])).toEqual([
        ['web1', 'unsafe-path'],
      ]);
      const status = async (): Promise<readonly string[]> => {
        const words: string[] = [];
        for await (const rows of listServers(ctx, { now: NOON, depth: 'all' }))
          words.push(...rows.map((row) => row.status));
        return words;
      };
      expect(await status()).toEqual(['csr-generated', 'csr-generation-failed']);
      chmodSync(join(security, 'requests'), 0o700);
      await make(ctx, { servers: ['web1'], all: false });
      expect(await status()).toEqual(['csr-generated', 'csr-generated']);
    });
  });

  test.each([
    ['one common name for several servers', { commonName: 'x.example.com' }, 'usage'],
    ['nobody named', { all: false }, 'usage'],
    ['a country of three letters', { fields: { C: 'DEU' } }, 'policy'],
    ['a wildcard over a whole domain', { names: ['*.com'] }, 'policy'],
    ['an address that is none', { names: ['192.0.2.777'] }, 'policy'],
    ['a server that is not there', { all: false, servers: ['web9'] }, 'unknown-member'],
  ])('%s is refused', async (_name, wish, code) => {
    await within(async (ctx) => {
      await expect(make(ctx, wish)).rejects.toMatchObject({ code });
      expect(await ctx.store.requests()).toEqual([]);
    });
  });

  test('die at no effect: a recorded request always has its key (I-4)', async () => {
    const count = await crashEverywhere({
      start: world.zoneHome,
      now: NOON,
      servers: ['ca1', 'web1'],
      work: (ctx) => make(ctx),
      recover: async (ctx) => {
        if ((await ctx.store.requests()).length < 2) await make(ctx);
      },
      check: async (ctx, zoneHome) => {
        const waiting = await listRequests(ctx, [], NOON);
        expect(waiting).toHaveLength(2);
        for (const { member, request } of waiting) expectKeyWaits(zoneHome, member.name, request);
      },
    });
    expect(count.effects).toBeGreaterThan(20);
  });

  test('a key that was removed from under it is noticed', async () => {
    await within(async (ctx) => {
      await make(ctx);
      const folder = join(world.zoneHome, 'servers/web1/security/requests/1');
      rmSync(join(folder, 'key.der'));
      expect(existsSync(folder)).toBe(true);
      expect(await ctx.homes.readRequest(join(world.zoneHome, 'servers/web1'), 1)).toBeUndefined();
    });
  });
});
