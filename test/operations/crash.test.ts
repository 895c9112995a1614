import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { executeAdd, planAdd } from '../../src/operations/add-members.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { RemintRequest } from '../../src/zone/remint-plan.js';
import { HOUR } from '../../src/zone/instant.js';
import { crashEverywhere, type CrashScenario } from '../support/crash-loop.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { checkHome, picture } from '../support/zone-fsck.js';

const SERVERS = ['ca1', 'web1'];
const LATER: RemintRequest['activateAt'] = { when: 'at', instant: NOON + HOUR };

let fresh = '';
let armed = '';
let active = '';

/** Zones in the states in which the commands start. */
beforeAll(async () => {
  fresh = await zoneAfter(() => Promise.resolve());
  armed = await zoneAfter((ctx) => remint(ctx, { ca: true, activateAt: LATER }));
  active = await zoneAfter((ctx) => remint(ctx, { ca: true }));
});

async function zoneAfter(work: (ctx: OperationContext) => Promise<unknown>): Promise<string> {
  const world: TestWorld = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(world, [{ name: 'web1', dnsName: 'web1.example.com', reload: 'true' }]);
  const ctx = await openTestZone(world);
  await work(ctx);
  ctx.store.close();
  return world.zoneHome;
}

function leaves(zoneHome: string, now: number): readonly string[] {
  return SERVERS.map(
    (name) => checkHome(join(zoneHome, 'servers', name), new Date(now * 1000)).leaf,
  );
}

/** After recovery the work has been done for every server, or for none. */
async function expectAllOrNothing(
  ctx: OperationContext,
  zoneHome: string,
  start: string,
): Promise<void> {
  const now = ctx.clock.now();
  const before = leaves(start, now);
  const changed = leaves(zoneHome, now).filter((leaf, index) => leaf !== before[index]);
  const phases = (await ctx.store.operations()).map((operation) => operation.phase);
  if (phases.length === 0) {
    expect(changed).toEqual([]);
    return;
  }
  expect(phases).toEqual(['active']);
  expect(changed).toHaveLength(SERVERS.length);
  expect((await ctx.store.authorities()).map((one) => one.state)).toEqual(['retiring', 'active']);
}

function remintScenario(request: Partial<RemintRequest>): CrashScenario {
  return {
    start: fresh,
    now: NOON,
    servers: SERVERS,
    work: (ctx) => remint(ctx, { ca: true, ...request }),
    check: (ctx, zoneHome) => expectAllOrNothing(ctx, zoneHome, fresh),
  };
}

describe('a crash before and after every effect, then one recovery (I-1, I-8, I-11)', () => {
  test('of a CA remint that activates at once', async () => {
    const count = await crashEverywhere(remintScenario({}));
    expect(count.effects).toBeGreaterThan(60);
  }, 600_000);

  test('of a CA remint that keeps the key', async () => {
    const count = await crashEverywhere(remintScenario({ keepKey: true }));
    expect(count.effects).toBeGreaterThan(50);
  }, 600_000);

  test('of a server remint', async () => {
    const count = await crashEverywhere({
      ...remintScenario({}),
      work: (ctx) => remint(ctx, { all: true }),
      check: async (ctx, zoneHome) => {
        const phases = (await ctx.store.operations()).map((operation) => operation.phase);
        const before = leaves(fresh, NOON);
        const same = leaves(zoneHome, NOON).filter((leaf, index) => leaf === before[index]);
        expect(same).toHaveLength(phases.length === 0 ? SERVERS.length : 0);
        expect(phases).toEqual(phases.length === 0 ? [] : ['done']);
      },
    });
    expect(count.effects).toBeGreaterThan(30);
  }, 600_000);

  test('of an activation', async () => {
    const count = await crashEverywhere({
      start: armed,
      now: NOON + HOUR,
      servers: SERVERS,
      work: async (ctx) =>
        executeActivation(
          ctx,
          await planActivation(ctx, { members: [], atOnce: false }, NOON + HOUR),
        ),
      check: (ctx, zoneHome) => expectAllOrNothing(ctx, zoneHome, armed),
    });
    expect(count.effects).toBeGreaterThan(8);
  }, 600_000);

  test('of a cancel (I-13)', async () => {
    const homes = (zoneHome: string): unknown =>
      SERVERS.map((name) =>
        [...picture(join(zoneHome, 'servers', name))].map(([path, bytes]) => [
          path.slice(zoneHome.length),
          bytes,
        ]),
      );
    const count = await crashEverywhere({
      start: armed,
      now: NOON,
      servers: SERVERS,
      work: async (ctx) => executeCancel(ctx, await planCancel(ctx, { members: [] }, NOON)),
      check: async (ctx, zoneHome) => {
        const [operation] = await ctx.store.operations();
        if (operation?.phase === 'armed') expect(homes(zoneHome)).toEqual(homes(armed));
        else expect(operation?.phase).toBe('cancelled');
        const trust = SERVERS.map(
          (name) => checkHome(join(zoneHome, 'servers', name), new Date(NOON * 1000)).trust.length,
        );
        expect(trust).toEqual(operation?.phase === 'armed' ? [2, 2] : [1, 1]);
        expect(await ctx.store.anchors()).toHaveLength(operation?.phase === 'armed' ? 2 : 1);
      },
    });
    expect(count.effects).toBeGreaterThan(15);
  }, 600_000);

  test('of a rollback', async () => {
    const old = leaves(fresh, NOON).length;
    const count = await crashEverywhere({
      start: active,
      now: NOON,
      servers: SERVERS,
      work: async (ctx) => executeRollback(ctx, await planRollback(ctx, { members: [] }, NOON)),
      check: async (ctx, zoneHome) => {
        const [operation] = await ctx.store.operations();
        const before = leaves(active, NOON);
        const changed = leaves(zoneHome, NOON).filter((leaf, index) => leaf !== before[index]);
        expect(['active', 'armed']).toContain(operation?.phase);
        expect(changed).toHaveLength(operation?.phase === 'active' ? 0 : old);
        const states = (await ctx.store.authorities()).map((one) => one.state);
        expect(states).toEqual(
          operation?.phase === 'active' ? ['retiring', 'active'] : ['active', 'future'],
        );
      },
    });
    expect(count.effects).toBeGreaterThan(8);
  }, 600_000);

  test('of retiring the old CA', async () => {
    const count = await crashEverywhere({
      start: active,
      now: NOON,
      servers: SERVERS,
      work: async (ctx) => executeRetire(ctx, await planRetire(ctx, NOON)),
      check: async (ctx, zoneHome) => {
        const [operation] = await ctx.store.operations();
        const trust = SERVERS.map(
          (name) => checkHome(join(zoneHome, 'servers', name), new Date(NOON * 1000)).trust.length,
        );
        expect(['active', 'done']).toContain(operation?.phase);
        expect(trust).toEqual(operation?.phase === 'done' ? [1, 1] : [2, 2]);
      },
    });
    expect(count.effects).toBeGreaterThan(15);
  }, 600_000);

  test('of adding a server', async () => {
    const count = await crashEverywhere({
      start: fresh,
      now: NOON,
      servers: SERVERS,
      work: async (ctx) =>
        executeAdd(
          ctx,
          await planAdd(
            ctx,
            { members: [{ name: 'web9', dnsName: 'web9.example.com' }], mint: true },
            NOON,
          ),
        ),
      check: async (ctx, zoneHome) => {
        const added = (await ctx.store.members()).some((member) => member.name === 'web9');
        if (added) checkHome(join(zoneHome, 'servers/web9'), new Date(NOON * 1000));
        else
          await executeAdd(
            ctx,
            await planAdd(
              ctx,
              { members: [{ name: 'web9', dnsName: 'web9.example.com' }], mint: true },
              NOON,
            ),
          );
        checkHome(join(zoneHome, 'servers/web9'), new Date(NOON * 1000));
      },
    });
    expect(count.effects).toBeGreaterThan(8);
  }, 600_000);
});
