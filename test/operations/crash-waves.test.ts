import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { WaveLimits } from '../../src/operations/wave-limits.js';
import { HOUR } from '../../src/zone/instant.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { checkHome } from '../support/zone-fsck.js';

const limits = { first: 1, served: 1, files: 1, reloads: 1 };
jest.unstable_mockModule('../../src/operations/wave-limits.js', () => ({ WAVE_LIMITS: limits }));
// What is imported before the limits are replaced would keep the real ones.
const { executeActivation, planActivation } =
  await import('../../src/operations/activate-servers.js');
const { crashEverywhere } = await import('../support/crash-loop.js');
const { makeTestZone, NOON, openTestZone, remint } = await import('../support/test-zone.js');

const SERVERS = ['ca1', 'web1', 'web2', 'web3', 'web4'];

async function armedZone(): Promise<string> {
  const world = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(world, [
    { name: 'web1', dnsName: 'web1.example.com', reload: 'true' },
    { name: 'web2', dnsName: 'web2.example.com', reload: 'true' },
    { name: 'web3', dnsName: 'web3.example.com' },
    { name: 'web4', dnsName: 'web4.example.com' },
  ]);
  const ctx = await openTestZone(world);
  await remint(ctx, { all: true, activateAt: { when: 'at', instant: NOON + HOUR } });
  ctx.store.close();
  return world.zoneHome;
}

function leaves(zoneHome: string, now: number): readonly string[] {
  return SERVERS.map(
    (name) => checkHome(join(zoneHome, 'servers', name), new Date(now * 1000)).leaf,
  );
}

const SIZES: readonly [string, WaveLimits, number][] = [
  ['1', { first: 1, served: 1, files: 1, reloads: 1 }, 5],
  ['2 after a first of 1', { first: 1, served: 2, files: 2, reloads: 2 }, 4],
  ['3', { first: 3, served: 3, files: 3, reloads: 2 }, 3],
];

test.each(SIZES)(
  'I-1, I-11, I-16: a crash at every effect of an activation in waves of %s',
  async (_name, size, waves) => {
    Object.assign(limits, size);
    const start = await armedZone();
    const now = NOON + HOUR;
    const before = leaves(start, now);
    let seen = 0;
    await crashEverywhere({
      start,
      now,
      servers: SERVERS,
      work: async (ctx) =>
        executeActivation(ctx, await planActivation(ctx, { members: [], atOnce: false }, now)),
      check: async (ctx, zoneHome) => {
        expect((await ctx.store.operations()).map(({ phase }) => phase)).toEqual(['done']);
        expect(leaves(zoneHome, now).filter((leaf) => before.includes(leaf))).toEqual([]);
        const events = await ctx.store.events(0, 1000);
        seen = Math.max(seen, events.filter(({ what }) => what === 'servers-activated').length);
      },
    });
    expect(seen).toBeGreaterThanOrEqual(waves);
  },
  600_000,
);
