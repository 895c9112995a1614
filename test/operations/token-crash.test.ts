import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { executeInit, planInit } from '../../src/operations/init-zone.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { ZmintError } from '../../src/errors.js';
import { crashEverywhere, crashTwice, type CrashScenario } from '../support/crash-loop.js';
import { FakeToken } from '../support/fake-pkcs11.js';
import { FaultLine, type CrashPoint } from '../support/fault-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const PIN = '123456';
const KEY_URI = 'pkcs11:token=zmint;object=ca?module-path=/fake/module.so';
const PLAN = planInit(
  {
    name: 'Example',
    server: { name: 'ca1', dnsName: 'ca1.example.com' },
    keySpec: 'ed25519',
    years: 5,
    commonName: null,
    custody: 'token',
    keyUri: KEY_URI,
  },
  NOON,
);

/** Signs with what the zone knows, and looks that no more keys were recorded than there are. */
async function expectUsable(ctx: OperationContext, token: FakeToken): Promise<void> {
  const recorded = await ctx.store.tokenKeys();
  const authorities = (await ctx.store.authorities()).filter(({ state }) => state !== 'cancelled');
  expect(recorded.length).toBeGreaterThanOrEqual(authorities.length);
  expect(token.privateKeys.length).toBeGreaterThanOrEqual(recorded.length);
  expect((await remint(ctx, { all: true })).operation.phase).toBe('done');
}

describe('init with a key in a token dies at no effect', () => {
  async function init(world: TestWorld, point?: CrashPoint): Promise<readonly string[]> {
    const faults = new FaultLine(point);
    const ctx = await openTestZone({ ...world, faults }, 'create');
    try {
      await executeInit(ctx, PLAN);
    } catch (error) {
      // A process that dies inside of the token's module dies as a failing token would look.
      if (!faults.crashed) throw error;
    } finally {
      ctx.store.close();
    }
    return faults.log;
  }

  function fresh(): TestWorld & { readonly token: FakeToken } {
    const token = new FakeToken();
    const zoneHome = join(temporaryFolder(), 'zone');
    return { zoneHome, now: NOON, pin: PIN, token, tokens: [token] };
  }

  test('typed again there is one whole zone, and one key in the token', async () => {
    const effects = await init(fresh());
    expect(effects.filter((name) => name.startsWith('token.store'))).toHaveLength(2);
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = fresh();
        await init(world, { at, when });
        await init(world).catch((error: unknown) => {
          if (!(error instanceof ZmintError) || error.code !== 'zone-exists') throw error;
        });
        const ctx = await openTestZone(world);
        await resumeOperations(ctx, NOON);
        expect(world.token.privateKeys).toHaveLength(1);
        await expectUsable(ctx, world.token);
        expect(await ctx.store.damage()).toEqual([]);
        ctx.store.close();
      }
    }
  }, 300_000);
});

describe('a remint of a CA whose key is in a token dies at no effect (I-4, I-8, I-11)', () => {
  const SERVERS = ['ca1'];
  let start = '';
  let before: FakeToken;
  let token: FakeToken;

  beforeAll(async () => {
    before = new FakeToken();
    const world = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON, pin: PIN };
    const ctx = await openTestZone({ ...world, tokens: [before] }, 'create');
    await executeInit(ctx, PLAN);
    ctx.store.close();
    start = world.zoneHome;
  });

  /** Each round begins with the token as it was. */
  function scenario(pinAtRecovery: boolean): CrashScenario {
    return {
      start,
      now: NOON,
      servers: SERVERS,
      world: ({ isRecovery }) => {
        if (!isRecovery) token = before.copy();
        return { tokens: [token], ...(isRecovery && !pinAtRecovery ? {} : { pin: PIN }) };
      },
      work: (ctx) => remint(ctx, { ca: true }),
      check: async (ctx, zoneHome) => {
        checkHome(join(zoneHome, 'servers', 'ca1'), new Date(NOON * 1000));
        const [operation] = await ctx.store.operations();
        const phase = operation?.phase ?? 'none';
        const states = (await ctx.store.authorities()).map(({ state }) => state);
        const ends = pinAtRecovery ? ['none', 'active'] : ['none', 'active', 'cancelled'];
        expect(ends).toContain(phase);
        if (phase === 'active') expect(states).toEqual(['retiring', 'active']);
        else expect(states[0]).toBe('active');
        if (phase === 'active') expect(token.privateKeys).toHaveLength(2);
      },
    };
  }

  test('with the PIN at hand it is finished', async () => {
    const count = await crashEverywhere(scenario(true));
    expect(count.effects).toBeGreaterThan(40);
  }, 300_000);

  test('without the PIN it is undone as long as nobody has seen anything', async () => {
    await crashEverywhere({ ...scenario(false), whens: ['after'] });
  }, 300_000);

  test('and at no effect of the recovery', async () => {
    await crashTwice(scenario(true), 40);
  }, 300_000);
});
