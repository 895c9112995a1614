import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createNodeZoneFs, type ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

const SERVERS = ['web1', 'web2'].map((name) => ({ name, dnsName: `${name}.example.com` }));

const AT_ONCE = { ca: true, activateAt: { when: 'at', instant: NOON } } as const;

/** A zone whose disk notes which certificates of sets are read by name. */
async function watchedZone(): Promise<{ readonly world: TestWorld; readonly read: string[] }> {
  const read: string[] = [];
  const real = createNodeZoneFs();
  const disk: ZoneFs = {
    ...real,
    readBounded: (path, limit) => {
      if (/generations\/\d+\/server\.cer$/u.test(path)) read.push(path);
      return real.readBounded(path, limit);
    },
  };
  const world = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON, disk };
  await makeTestZone(world, SERVERS);
  read.length = 0;
  return { world, read };
}

/** Dies in place of the commit that records the event. */
function dyingAt(ctx: OperationContext, what: string): OperationContext {
  const { store } = ctx;
  const commit: typeof store.commit = (entry, changes) => {
    if (entry.what === what) return Promise.reject(new Error('died'));
    return store.commit(entry, changes);
  };
  const dead = new Proxy(store, {
    get: (target, name) => {
      const value: unknown = name === 'commit' ? commit : Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...ctx, store: dead };
}

test('I-1 a run serves the sets that it has minted itself without reading them again', async () => {
  const { world, read } = await watchedZone();
  const ctx = await openTestZone(world);
  const report = await remint(ctx, AT_ONCE);
  ctx.store.close();
  expect(report.active).toBe(SERVERS.length + 1);
  expect(read).toEqual([]);
});

test('I-1 a run that finds minted sets reads each again, and serves none that was altered', async () => {
  const { world, read } = await watchedZone();
  const ctx = await openTestZone(world);
  await expect(remint(dyingAt(ctx, 'operation-prepared'), AT_ONCE)).rejects.toThrow('died');
  const web1 = (await ctx.store.members()).find(({ name }) => name === 'web1');
  const [operation] = await ctx.store.operations();
  const parts = await ctx.store.operationMembers(operation?.id ?? '');
  const number = parts.find(({ memberId }) => memberId === web1?.id)?.futureSet;
  const altered = join(
    world.zoneHome,
    `servers/web1/security/generations/${String(number)}/server.cer`,
  );
  appendFileSync(altered, '\n');
  await resumeOperations(ctx, NOON);
  const failed = (await ctx.store.operationMembers(operation?.id ?? '')).filter(
    ({ problem }) => problem !== null,
  );
  ctx.store.close();
  expect(new Set(read).size).toBe(SERVERS.length + 1);
  expect(read).toContain(altered);
  expect(failed.map(({ memberId, problem }) => [memberId, problem?.code])).toEqual([
    [web1?.id, 'damaged'],
  ]);
});
