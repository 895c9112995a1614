import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { crashTwice } from '../support/crash-loop.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, remint, type TestWorld } from '../support/test-zone.js';

test('a crash inside the recovery is recovered too (I-11)', async () => {
  const world: TestWorld = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(world, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  const count = await crashTwice(
    {
      start: world.zoneHome,
      now: NOON,
      servers: ['ca1', 'web1'],
      work: (ctx) => remint(ctx, { ca: true }),
      check: async (ctx) => {
        const phases = (await ctx.store.operations()).map((operation) => operation.phase);
        expect([[], ['active']]).toContainEqual(phases);
      },
    },
    19,
  );
  expect(count.rounds).toBeGreaterThan(100);
}, 900_000);
