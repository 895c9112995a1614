import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import type { OperationContext } from '../../src/ports/context.js';
import { crashEverywhere, type CrashScenario } from '../support/crash-loop.js';
import { makeExternalCa } from '../support/external-ca.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';
import { takeAuthority } from '../support/take-authority.js';
import { NOON } from '../support/test-zone.js';

const NONE = { members: [] };
const TAKE = 'zmint ssl import --no-backup-check';
const CHANGE = 'zmint ca change --to internal --subordinate';

let requested: SubordinateWorld;
let armed: SubordinateWorld;
let active: SubordinateWorld;
let signed: Uint8Array;

beforeAll(async () => {
  const company = makeExternalCa();
  const other = makeExternalCa();
  const below = async (line: string): Promise<SubordinateWorld> => {
    const world = await subordinateWorld(company);
    await world.at.given([`zmint ssl import ${world.signed()} --yes`, line]);
    return world;
  };
  requested = await below(`${CHANGE} --yes`);
  signed = readFileSync(requested.signed({}, other));
  armed = await below(`${CHANGE} --activate-at 14d --yes`);
  await armed.at.given([`${TAKE} ${armed.signed({}, other)} --yes`]);
  active = await below(`${CHANGE} --yes`);
  await active.at.given([`${TAKE} ${active.signed({}, other)} --yes`]);
});

async function cancel(ctx: OperationContext): Promise<void> {
  await executeCancel(ctx, await planCancel(ctx, NONE, NOON));
}

async function rollback(ctx: OperationContext): Promise<void> {
  await executeRollback(ctx, await planRollback(ctx, NONE, NOON));
}

async function retire(ctx: OperationContext): Promise<void> {
  await executeRetire(ctx, await planRetire(ctx, NOON));
}

/** Dies at every third effect: changes to other kinds of CA are played at each. */
function scenario(
  { at }: SubordinateWorld,
  work: CrashScenario['work'],
  check: (ctx: OperationContext) => Promise<void>,
): CrashScenario {
  return {
    ...{ start: at.zoneHome, now: NOON, servers: ['web1', 'web2'], work, check },
    stride: 3,
  };
}

async function newest(ctx: OperationContext): Promise<string | undefined> {
  return (await ctx.store.operations()).at(-1)?.phase;
}

async function expectCa(ctx: OperationContext, generation: number, roots: number): Promise<void> {
  const one = (await ctx.store.authorities()).find(({ state }) => state === 'active');
  expect({ generation: one?.generation, roots: (await ctx.store.anchors()).length }).toEqual({
    generation,
    roots,
  });
}

describe('a successor under the root of another company dies at no effect', () => {
  test('of its import: trust first, then everybody serves it', async () => {
    const take = (ctx: OperationContext): Promise<void> => takeAuthority(ctx, signed);
    const { effects } = await crashEverywhere(
      scenario(requested, take, async (ctx) => {
        if ((await ctx.store.authorities()).length === 1) await take(ctx);
        await resumeOperations(ctx, NOON);
        expect(await newest(ctx)).toBe('active');
        await expectCa(ctx, 2, 2);
      }),
    );
    expect(effects).toBeGreaterThan(60);
  }, 300_000);

  test('of its cancel: all is as before', async () => {
    await crashEverywhere(
      scenario(armed, cancel, async (ctx) => {
        if ((await newest(ctx)) === 'armed') await cancel(ctx);
        expect(await newest(ctx)).toBe('cancelled');
        await expectCa(ctx, 1, 1);
      }),
    );
  }, 300_000);

  test('of its rollback: the former CA serves, or it had not begun', async () => {
    await crashEverywhere(
      scenario(active, rollback, async (ctx) => {
        if ((await newest(ctx)) === 'active') await rollback(ctx);
        expect(await newest(ctx)).toBe('armed');
        await expectCa(ctx, 1, 2);
      }),
    );
  }, 300_000);

  test('of its retirement: the root of the former company is gone', async () => {
    await crashEverywhere(
      scenario(active, retire, async (ctx) => {
        if ((await newest(ctx)) === 'active') await retire(ctx);
        expect(await newest(ctx)).toBe('done');
        await expectCa(ctx, 2, 1);
      }),
    );
  }, 300_000);
});
