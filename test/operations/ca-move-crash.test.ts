import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { executeCaMove } from '../../src/operations/execute-ca-move.js';
import { planCaMove } from '../../src/operations/plan-ca-move.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { DAY } from '../../src/zone/instant.js';
import { checkCaRole } from '../support/ca-role.js';
import { crashEverywhere, crashTwice, type CrashScenario } from '../support/crash-loop.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

const PASSPHRASE = 'four words of peace';
const LIMIT = 300_000;

const places: string[] = [];

afterAll(() => {
  for (const place of places) rmSync(place, { recursive: true, force: true });
});

async function zone(
  world: Partial<TestWorld>,
  work: (ctx: OperationContext) => Promise<unknown>,
): Promise<string> {
  const zoneHome = join(temporaryFolder(), 'zone');
  const whole = { now: NOON, ...world, zoneHome };
  await makeTestZone(whole, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  const ctx = await openTestZone(whole);
  await work(ctx);
  ctx.store.close();
  return zoneHome;
}

async function move(ctx: OperationContext, to = 'web1'): Promise<unknown> {
  const plan = await planCaMove(ctx, { server: to, backupCheck: false }, ctx.clock.now());
  return plan === undefined ? undefined : executeCaMove(ctx, plan);
}

/** The role is with one of the two after each death, and after the recovery without any other copy. */
function scenario(start: string, passphrase?: string): CrashScenario {
  const own = passphrase === undefined ? {} : { passphrase };
  return {
    start,
    now: NOON,
    ...own,
    servers: ['ca1', 'web1'],
    work: move,
    seen: async (zoneHome) => {
      expect(['ca1', 'web1']).toContain(await checkCaRole(zoneHome, { ...own, settled: false }));
    },
    check: async (ctx, zoneHome) => {
      expect(['ca1', 'web1']).toContain(await checkCaRole(zoneHome, { ...own, settled: true }));
      expect(await ctx.store.caMove()).toBeUndefined();
      await move(ctx);
      expect(await checkCaRole(zoneHome, { ...own, settled: true })).toBe('web1');
    },
  };
}

describe('a move of the CA role that dies leaves one holder with every key (I-11, I-16, I-25)', () => {
  let fresh = '';
  let armed = '';
  let active = '';

  beforeAll(async () => {
    fresh = await zone({}, () => Promise.resolve());
    const activateAt = { when: 'at', instant: NOON + 14 * DAY } as const;
    armed = await zone({}, (ctx) => remint(ctx, { ca: true, activateAt }));
    active = await zone({}, async (ctx) => {
      await remint(ctx, { ca: true, keepKey: true });
    });
  });

  test(
    'with a CA that is used and one that waits',
    async () => {
      const { effects, rounds } = await crashEverywhere(scenario(armed));
      expect(effects).toBeGreaterThan(30);
      expect(rounds).toBe(2 * effects);
    },
    LIMIT,
  );

  test(
    'with two generations that share a key',
    async () => {
      const { effects } = await crashEverywhere(scenario(active));
      expect(effects).toBeGreaterThan(20);
    },
    LIMIT,
  );

  test(
    'and once more in the recovery by ssl resume',
    async () => {
      const { rounds } = await crashTwice(scenario(armed), 5);
      expect(rounds).toBeGreaterThan(30);
    },
    LIMIT,
  );

  test(
    'and once more in the recovery by the next ca move, to either server',
    async () => {
      for (const to of ['web1', 'ca1']) {
        const recover = (ctx: OperationContext): Promise<unknown> => move(ctx, to);
        const { rounds } = await crashTwice({ ...scenario(fresh), recover }, 9);
        expect(rounds).toBeGreaterThan(10);
      }
    },
    LIMIT,
  );

  test(
    'with a passphrase, which the recovery does not need',
    async () => {
      const start = await zone({ passphrase: PASSPHRASE }, () => Promise.resolve());
      const recover = async (ctx: OperationContext): Promise<unknown> => {
        const nobody = { existing: () => Promise.reject(new Error('asked')), fresh: refuse };
        return resumeOperations({ ...ctx, passphrase: nobody }, NOON);
      };
      await crashEverywhere({
        ...scenario(start, PASSPHRASE),
        recover,
        stride: 8,
        whens: ['after'],
      });
    },
    LIMIT,
  );
});

function refuse(): Promise<Uint8Array> {
  return Promise.reject(new Error('asked'));
}

describe('homes that lie outside of the zone home', () => {
  test(
    'from one to the other, dying everywhere',
    async () => {
      const place = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-homes-'));
      places.push(place);
      const zoneHome = join(place, 'zone');
      const [one, two] = [join(place, 'one'), join(place, 'two')];
      const world = { zoneHome, now: NOON };
      const others = [{ name: 'web1', dnsName: 'web1.example.com', home: two }];
      await makeTestZone(world, others, 'ec:P-256', { home: one });
      const kept = temporaryFolder();
      for (const name of ['zone', 'one', 'two']) {
        mkdirSync(join(kept, name));
        cpSync(join(place, name), join(kept, name), { recursive: true, verbatimSymlinks: true });
      }
      const { effects } = await crashEverywhere({
        ...scenario(join(kept, 'zone')),
        zoneHome,
        outside: [
          { start: join(kept, 'one'), place: one },
          { start: join(kept, 'two'), place: two },
        ],
        servers: [],
      });
      expect(effects).toBeGreaterThan(15);
    },
    LIMIT,
  );
});
