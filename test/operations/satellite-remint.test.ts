import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import { placeSatelliteSet } from '../../src/operations/place-satellite-set.js';
import { planSatelliteSet } from '../../src/operations/plan-satellite-set.js';
import { heldKeystore } from '../../src/operations/render-keystore.js';
import { readContainer } from '../../src/operations/read-container.js';
import type { OperationContext } from '../../src/ports/context.js';
import { crashEverywhere } from '../support/crash-loop.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const PASSWORD = new TextEncoder().encode('changeit');

let start = '';

beforeAll(async () => {
  start = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: start, now: NOON }, [
    { name: 'sat1', dnsName: 'sat1.example.com', kind: 'satellite', reload: 'true' },
  ]);
  const ctx = await openTestZone({ zoneHome: start, now: NOON });
  const plan = await planSatelliteSet(
    ctx,
    {
      satellite: 'sat1',
      source: { from: 'live' },
      keystore: { format: 'jks', alias: 'auth', passphrase: PASSWORD },
      reconfigure: true,
    },
    NOON,
  );
  await placeSatelliteSet(ctx, plan);
  ctx.store.close();
});

/** The keystore that is live holds what the PEM files beside it hold. */
async function expectFollowed(ctx: OperationContext, zoneHome: string): Promise<string> {
  const home = join(zoneHome, 'servers/sat1');
  const seen = checkHome(home, new Date(NOON * 1000));
  const files = await ctx.homes.readKeystore(home);
  expect(heldKeystore(files, 'sat1')).toMatchObject({ format: 'jks', alias: 'auth' });
  const { items } = await readContainer(ctx, {
    bytes: files['server.jks'] ?? new Uint8Array(),
    name: 'server.jks',
    passphrases: [PASSWORD],
  });
  const prints = items.flatMap((item) =>
    item.kind === 'certificate' ? [ctx.digest.sha256(item.certificate.der)] : [],
  );
  expect(prints).toEqual([seen.leaf, ...seen.chain, ...seen.trust]);
  return seen.leaf;
}

describe('the keystore of a satellite', () => {
  test('follows a remint of the CA, its rollback and its end', async () => {
    const ctx = await openTestZone({ zoneHome: start, now: NOON });
    const first = await expectFollowed(ctx, start);
    await remint(ctx, { servers: ['sat1'] });
    const second = await expectFollowed(ctx, start);
    expect(second).not.toBe(first);
    await remint(ctx, { ca: true });
    const third = await expectFollowed(ctx, start);
    await executeRollback(ctx, await planRollback(ctx, { members: [] }, NOON));
    expect(await expectFollowed(ctx, start)).toBe(second);
    const { planActivation, executeActivation } =
      await import('../../src/operations/activate-servers.js');
    await executeActivation(ctx, await planActivation(ctx, { members: [], atOnce: true }, NOON));
    expect(await expectFollowed(ctx, start)).toBe(third);
    await executeRetire(ctx, await planRetire(ctx, NOON));
    expect(await expectFollowed(ctx, start)).toBe(third);
    ctx.store.close();
  });

  test('is never torn from its PEM files by a crash in a remint', async () => {
    const count = await crashEverywhere({
      start,
      now: NOON,
      servers: ['ca1', 'sat1'],
      work: (ctx) => remint(ctx, { servers: ['sat1'] }),
      check: async (ctx, zoneHome) => {
        await expectFollowed(ctx, zoneHome);
      },
    });
    expect(count.effects).toBeGreaterThan(20);
  }, 300_000);
});
