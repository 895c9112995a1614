import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { checkHealth } from '../../src/operations/check-health.js';
import { executeAdd, planAdd } from '../../src/operations/add-members.js';
import { readReadiness } from '../../src/operations/read-readiness.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import { executeWaive, planWaive } from '../../src/operations/waive-members.js';
import { readStatus } from '../../src/operations/zone-status.js';
import type { OperationContext } from '../../src/ports/context.js';
import { DAY, HOUR } from '../../src/zone/instant.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

async function zone(): Promise<{ at: TestWorld; ctx: OperationContext }> {
  const at = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(at, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  return { at, ctx: await openTestZone(at) };
}

const LIMITS = { warn: 90, crit: 5 };

describe('the status of a zone', () => {
  test('at rest', async () => {
    const { ctx } = await zone();
    const status = await readStatus(ctx, NOON, 'named');
    expect(status).toMatchObject({
      zone: { name: 'Test Zone', custody: 'no-passphrase' },
      authority: { authority: { generation: 1 }, server: { name: 'ca1' } },
      others: [],
      servers: { total: 2, active: 2, expired: 0, without: 0, future: 0, soonest: { name: 'ca1' } },
      devices: 0,
      operations: [],
      links: { looked: 2, reachable: 2, differences: [] },
      lastOperation: null,
      next: null,
    });
    ctx.store.close();
  });

  test('opens no key, no certificate and no server', async () => {
    const { ctx } = await zone();
    const forbidden = new Proxy(
      {},
      {
        get: () => {
          throw new Error('status looked too closely');
        },
      },
    ) as never;
    const watched = {
      ...ctx,
      keys: forbidden,
      vault: forbidden,
      digest: forbidden,
      network: forbidden,
      // The settings say how old a backup may be.
      folder: { readSettings: () => ctx.folder.readSettings() } as typeof ctx.folder,
    };
    await expect(readStatus(watched, NOON, 'named')).resolves.toMatchObject({ next: null });
    await expect(checkHealth(watched, LIMITS, NOON)).resolves.toMatchObject({ state: 'ok' });
    ctx.store.close();
  });

  test('follows a CA remint to its end', async () => {
    const { ctx } = await zone();
    const device = { name: 'pc7', kind: 'workstation' };
    await executeAdd(ctx, await planAdd(ctx, { members: [device], mint: true }, NOON));
    const at = async (now: number) => {
      const { operations, next, others, lastOperation } = await readStatus(ctx, now, 'named');
      return {
        standing: operations[0]?.standing ?? lastOperation?.phase,
        next: next?.command,
        others: others.map(({ generation, state }) => `${generation} ${state}`),
        health: (await checkHealth(ctx, LIMITS, now)).state,
      };
    };
    const instant = NOON + DAY;
    await remint(ctx, { ca: true, activateAt: { when: 'at', instant }, policy: 'gate' });
    const future = ['2 future'];
    expect(await at(NOON)).toEqual({
      standing: 'waits-for-instant',
      next: undefined,
      others: future,
      health: 'ok',
    });
    expect(await at(instant + HOUR)).toEqual({
      standing: 'waits-for-gate',
      next: 'zmint update readiness',
      others: future,
      health: 'warning',
    });
    const told = async (now: number, waiting: 'reported' | 'left-out') =>
      (await resumeOperations(ctx, now, waiting)).map(({ halt }) => halt.why);
    expect(await told(NOON, 'reported')).toEqual(['waiting']);
    expect(await told(NOON, 'left-out')).toEqual([]);
    expect(await told(instant + HOUR, 'left-out')).toEqual(['gate-not-satisfied']);
    const named = (await readStatus(ctx, NOON, 'named')).operations[0]?.gate;
    const counted = (await readStatus(ctx, NOON, 'counted')).operations[0]?.gate;
    expect(named?.ready).toEqual(['ca1', 'web1']);
    expect(counted).toEqual({ ...named, ready: [] });
    const [gate] = await readReadiness(ctx, 'op-1', NOON);
    expect(gate?.gate).toMatchObject({ ready: ['ca1', 'web1'], missing: [{ member: 'pc7' }] });
    await expect(readReadiness(ctx, 'op-9', NOON)).rejects.toMatchObject({ code: 'not-found' });
    await executeWaive(ctx, await planWaive(ctx, ['pc7'], NOON));
    expect(await at(instant + HOUR)).toMatchObject({ standing: 'due', next: 'zmint ssl resume' });
    const request = { members: [], atOnce: true };
    await executeActivation(ctx, await planActivation(ctx, request, NOON));
    const retiring = ['1 retiring'];
    expect(await at(NOON)).toEqual({
      standing: 'waits-for-retire',
      next: 'zmint ssl retire',
      others: retiring,
      health: 'ok',
    });
    await executeRollback(ctx, await planRollback(ctx, { members: [] }, NOON));
    expect(await at(NOON)).toMatchObject({
      standing: 'waits-for-person',
      next: 'zmint ssl activate',
    });
    await executeActivation(ctx, await planActivation(ctx, request, NOON));
    await executeRetire(ctx, await planRetire(ctx, NOON));
    expect(await at(NOON)).toEqual({
      standing: 'done',
      next: undefined,
      others: [],
      health: 'ok',
    });
    ctx.store.close();
  });

  test('tells links that are not what is recorded, and homes that cannot be looked at', async () => {
    const { at, ctx } = await zone();
    const live = (name: string): string => join(at.zoneHome, 'servers', name, 'security/live');
    rmSync(live('web1'));
    rmSync(live('ca1'));
    symlinkSync('/etc', live('ca1'));
    const { links, next } = await readStatus(ctx, NOON, 'named');
    expect(links.differences).toMatchObject([
      { member: 'ca1', recorded: 1, observed: null, error: { code: 'unsafe-path' } },
      { member: 'web1', recorded: 1, observed: null, error: null },
    ]);
    expect(next?.command).toBe('zmint doctor');
    ctx.store.close();
  });

  test('counts what has expired, and what comes first is said first', async () => {
    const { ctx } = await zone();
    const soon = await readStatus(ctx, NOON + 350 * DAY, 'named');
    expect(soon.servers).toMatchObject({ active: 2, expired: 0, ending: 2 });
    expect(soon.next?.command).toBe('zmint ssl remint --due 30d');
    const late = await readStatus(ctx, NOON + 400 * DAY, 'named');
    expect(late.servers).toMatchObject({ active: 0, expired: 2, ending: 0 });
    const over = await readStatus(ctx, NOON + 6 * 366 * DAY, 'named');
    expect(over.next?.command).toBe('zmint ssl remint --ca');
    const health = await checkHealth(ctx, LIMITS, NOON + 400 * DAY);
    expect(health).toMatchObject({ state: 'critical', expired: 2, servers: 2, operations: 0 });
    ctx.store.close();
  });

  test('a server without a certificate is counted and named', async () => {
    const { ctx } = await zone();
    const bare = { name: 'web2', dnsName: 'web2.example.com' };
    await executeAdd(ctx, await planAdd(ctx, { members: [bare], mint: false }, NOON));
    const status = await readStatus(ctx, NOON, 'named');
    expect(status.servers).toMatchObject({ total: 3, active: 2, without: 1 });
    expect(status.next?.command).toBe('zmint ssl remint web2');
    ctx.store.close();
  });
});
