import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OperationContext } from '../../src/ports/context.js';
import type { ZoneReader } from '../../src/ports/zone-store.js';
import { DAY } from '../../src/zone/instant.js';
import { FaultLine } from '../support/fault-line.js';
import { EARLY, type KillScenario, type KillTally } from '../support/kill-rounds.js';
import { killTimes } from '../support/kill-times.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { makeTestZone, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const SERVERS = ['ca1', 'web1', 'web2'];
const OTHERS = [
  { name: 'web1', dnsName: 'web1.example.com', reload: 'true' },
  { name: 'web2', dnsName: 'web2.example.com', kind: 'satellite', reload: 'true' },
];
/** So many kills of each command. */
const KILLS = Number(process.env.ZMINT_KILLS ?? 30);
const LIMIT = 600_000;

const tallies = new Map<string, KillTally>();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-sigkill-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const rows = [...tallies].map(([name, tally]) => {
    const counts = [...tally].sort().map(([phase, count]) => `${phase} ${count}`);
    return `  ${name}: ${counts.join(', ')}`;
  });
  process.stdout.write(`SIGKILL by command and phase\n${rows.join('\n')}\n`);
});

/** A zone in real time, so that the program's own clock finds it valid; or a copy of one, worked on. */
async function zoneAfter(
  work: (ctx: OperationContext) => Promise<unknown>,
  given: { readonly now?: number; readonly from?: string; readonly dieAt?: number } = {},
): Promise<string> {
  const zoneHome = join(mkdtempSync(join(folder, 'start-')), 'zone');
  const now = given.now ?? realNow();
  const faults =
    given.dieAt === undefined ? undefined : new FaultLine({ when: 'after', at: given.dieAt });
  const world: TestWorld = { zoneHome, now };
  if (given.from === undefined) await makeTestZone(world, OTHERS);
  else cpSync(given.from, zoneHome, { recursive: true, verbatimSymlinks: true });
  const ctx = await openTestZone(faults === undefined ? world : { ...world, faults });
  try {
    await work(ctx);
  } catch (error) {
    if (faults?.crashed !== true) throw error;
  } finally {
    ctx.store.close();
  }
  return zoneHome;
}

function realNow(): number {
  return Math.floor(Date.now() / 1000);
}

type Seen = Parameters<KillScenario['check']>[1];

function leavesOf(zoneHome: string): readonly string[] {
  return SERVERS.map((name) => checkHome(join(zoneHome, 'servers', name), new Date()).leaf);
}

/** After recovery the newest operation is in one of these phases, and so many leaves are new. */
function endsIn(
  start: string,
  ends: Readonly<Record<string, number>>,
): (reader: ZoneReader, seen: Seen) => Promise<void> {
  return async (reader: ZoneReader, seen: Seen): Promise<void> => {
    const phase = (await reader.operations()).at(-1)?.phase ?? 'none';
    const before = leavesOf(start);
    const changed = SERVERS.filter((name, index) => seen.get(name)?.leaf !== before[index]);
    expect({ phase, changed: changed.length }).toEqual({ phase, changed: ends[phase] ?? -1 });
  };
}

async function expectSafe(scenario: KillScenario, kills = KILLS): Promise<void> {
  const tally = await killTimes(scenario, kills);
  tallies.set(scenario.name, tally);
  const hits = [...tally.values()].reduce((sum, count) => sum + count, 0);
  expect(hits).toBeGreaterThanOrEqual(kills);
  const early = tally.get(EARLY) ?? 0;
  expect((hits - early) / hits).toBeGreaterThan(0.25);
}

describe('the built program is killed at random moments (I-1, I-8, I-11, I-13, I-16)', () => {
  let fresh = '';
  let armed = '';

  beforeAll(async () => {
    fresh = await zoneAfter(() => Promise.resolve());
    const activateAt = { when: 'at', instant: realNow() + 14 * DAY } as const;
    armed = await zoneAfter((ctx) => remint(ctx, { ca: true, activateAt }), { from: fresh });
  });

  test(
    'ssl remint --ca',
    async () => {
      await expectSafe({
        name: 'ssl remint --ca',
        start: fresh,
        words: ['ssl', 'remint', '--ca', '--no-backup-check', '--activate-at', 'now', '--yes'],
        servers: SERVERS,
        check: endsIn(fresh, { none: 0, active: 3 }),
      });
    },
    LIMIT,
  );

  test(
    'ssl remint --all',
    async () => {
      await expectSafe({
        name: 'ssl remint --all',
        start: fresh,
        words: ['ssl', 'remint', '--all', '--yes'],
        servers: SERVERS,
        check: endsIn(fresh, { none: 0, done: 3 }),
      });
    },
    LIMIT,
  );

  test(
    'ssl activate',
    async () => {
      await expectSafe({
        name: 'ssl activate',
        start: armed,
        words: ['ssl', 'activate', '--now', '--yes'],
        servers: SERVERS,
        check: endsIn(armed, { armed: 0, active: 3 }),
      });
    },
    LIMIT,
  );

  test(
    'ssl cancel',
    async () => {
      await expectSafe({
        name: 'ssl cancel',
        start: armed,
        words: ['ssl', 'cancel', '--yes'],
        servers: SERVERS,
        check: async (reader, seen) => {
          await endsIn(armed, { armed: 0, cancelled: 0 })(reader, seen);
          const cancelled = (await reader.operations()).at(-1)?.phase === 'cancelled';
          const trust = SERVERS.map((name) => seen.get(name)?.trust.length);
          expect(trust).toEqual(SERVERS.map(() => (cancelled ? 1 : 2)));
          expect(await reader.anchors()).toHaveLength(cancelled ? 1 : 2);
        },
      });
    },
    LIMIT,
  );

  test(
    'ssl rollback',
    async () => {
      const active = await zoneAfter((ctx) => remint(ctx, { ca: true }), { from: fresh });
      await expectSafe({
        name: 'ssl rollback',
        start: active,
        words: ['ssl', 'rollback', '--yes'],
        servers: SERVERS,
        check: async (reader, seen) => {
          await endsIn(active, { active: 0, armed: 3 })(reader, seen);
          if ((await reader.operations()).at(-1)?.phase === 'armed')
            expect(SERVERS.map((name) => seen.get(name)?.leaf)).toEqual(leavesOf(fresh));
        },
      });
    },
    LIMIT,
  );

  test(
    'ssl resume that activates',
    async () => {
      const instant = realNow() - DAY;
      const due = await zoneAfter(
        (ctx) => remint(ctx, { ca: true, activateAt: { when: 'at', instant } }),
        { now: instant - DAY },
      );
      await expectSafe({
        name: 'ssl resume, activating',
        start: due,
        words: ['ssl', 'resume'],
        servers: SERVERS,
        check: endsIn(due, { active: 3 }),
      });
    },
    LIMIT,
  );

  test(
    'ssl resume after a crash',
    async () => {
      const crashed = await zoneAfter((ctx) => remint(ctx, { ca: true }), {
        from: fresh,
        dieAt: 30,
      });
      await expectSafe({
        name: 'ssl resume, recovering',
        start: crashed,
        words: ['ssl', 'resume'],
        servers: SERVERS,
        check: endsIn(crashed, { active: 3 }),
      });
    },
    LIMIT,
  );

  test(
    'ssl remint --ca with a passphrase, resumed by cron that has none',
    async () => {
      const zoneHome = join(mkdtempSync(join(folder, 'locked-')), 'zone');
      await makeTestZone({ zoneHome, now: realNow(), passphrase: 'four words of peace' }, OTHERS);
      const file = join(folder, 'passphrase');
      writeFileSync(file, 'four words of peace\n', { mode: 0o600 });
      await expectSafe(
        {
          name: 'ssl remint --ca, passphrase',
          start: zoneHome,
          words: [
            'ssl',
            'remint',
            '--ca',
            '--no-backup-check',
            '--activate-at',
            'now',
            '--yes',
            '--passphrase-file',
            file,
          ],
          servers: SERVERS,
          recovered: [0, 40],
          check: async (reader, seen) => {
            await endsIn(zoneHome, { none: 0, cancelled: 0, active: 3 })(reader, seen);
            const states = (await reader.authorities()).map((one) => one.state);
            expect(states.filter((state) => state === 'active')).toHaveLength(1);
          },
        },
        Math.ceil(KILLS / 3),
      );
    },
    LIMIT,
  );
});
