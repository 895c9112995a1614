import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RestoreReport } from '../../src/operations/execute-restore.js';
import { FaultLine, type CrashPoint } from '../support/fault-line.js';
import { SimulatedCrash } from '../support/faulty-zone-fs.js';
import { backUp, restore, testCustody } from '../support/test-custody.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const SERVERS = ['ca1', 'web1'];
const AT = new Date(NOON * 1000);

let origin = '';
let backup = '';
/** The zone after it has gone on: what a restore sets aside. */
let later = '';
let folder = '';

beforeAll(async () => {
  folder = temporaryFolder();
  origin = join(folder, 'origin/zone');
  mkdirSync(dirname(origin), { mode: 0o700 });
  await makeTestZone({ zoneHome: origin, now: NOON }, [
    { name: 'web1', dnsName: 'web1.example.com' },
  ]);
  backup = join(folder, 'zone.age');
  await backUp({ zoneHome: origin, now: NOON }, backup);
  later = join(folder, 'later/zone');
  cpSync(origin, later, { recursive: true, verbatimSymlinks: true });
  const ctx = await openTestZone({ zoneHome: later, now: NOON });
  await remint(ctx, { servers: ['web1'] });
  ctx.store.close();
});

/** Runs the work whole to count its effects, then once for a crash before and after each. */
async function atEveryCrash(
  run: (faults: FaultLine, place: string) => Promise<unknown>,
  look: (place: string, point: string) => Promise<void>,
): Promise<number> {
  const inPlace = async (point: CrashPoint | undefined): Promise<FaultLine> => {
    const place = mkdtempSync(join(folder, 'round-'));
    const faults = new FaultLine(point);
    try {
      await run(faults, place).catch((error: unknown) => {
        if (!(error instanceof SimulatedCrash) && !faults.crashed) throw error;
      });
      const at = point === undefined ? 'to its end' : `${point.when} ${faults.log.at(-1) ?? ''}`;
      await look(place, at);
    } finally {
      rmSync(place, { recursive: true });
    }
    return faults;
  };
  const whole = await inPlace(undefined);
  for (let at = 1; at <= whole.log.length; at += 1) {
    await inPlace({ when: 'before', at });
    await inPlace({ when: 'after', at });
  }
  return whole.log.length;
}

function leavesIn(zoneHome: string): readonly string[] {
  return SERVERS.map((name) => checkHome(join(zoneHome, 'servers', name), AT).leaf);
}

/** Whole by independent eyes, and with a key that opens: its servers can be reminted. */
async function expectWhole(zoneHome: string): Promise<void> {
  leavesIn(zoneHome);
  const ctx = await openTestZone({ zoneHome, now: NOON });
  expect(await ctx.store.damage()).toEqual([]);
  await remint(ctx, { servers: ['ca1'] });
  ctx.store.close();
}

function asideOf(place: string): string | undefined {
  const name = readdirSync(place).find((each) => each.includes('.before-restore-'));
  return name === undefined ? undefined : join(place, name);
}

const request = (place: string) => ({
  zoneHome: join(place, 'zone'),
  path: backup,
  acceptOlder: true,
});

/** The command typed again after a crash finishes the restore; nothing of what was there is lost. */
async function finish(place: string): Promise<RestoreReport> {
  const report = await restore(NOON, request(place));
  expect(leavesIn(join(place, 'zone'))).toEqual(leavesIn(origin));
  await expectWhole(join(place, 'zone'));
  expect(existsSync(join(place, '.zone.restoring'))).toBe(false);
  return report;
}

describe('a crash before and after every effect (I-11, I-22)', () => {
  test('of a backup: there is no file of that name, or a good one', async () => {
    const effects = await atEveryCrash(
      async (faults, place) => {
        const zoneHome = join(place, 'zone');
        cpSync(origin, zoneHome, { recursive: true, verbatimSymlinks: true });
        await backUp({ zoneHome, now: NOON, faults }, join(place, 'new.age'));
      },
      async (place) => {
        const path = join(place, 'new.age');
        await expectWhole(join(place, 'zone'));
        if (existsSync(path)) await restore(NOON, { zoneHome: join(place, 'copy'), path });
        const reader = await testCustody(NOON).images.openReader(join(place, 'zone'));
        const recorded = await reader.lastBackup();
        reader.close();
        if (recorded !== undefined) expect(existsSync(recorded.path)).toBe(true);
        await backUp({ zoneHome: join(place, 'zone'), now: NOON }, join(place, 'again.age'));
      },
    );
    expect(effects).toBeGreaterThan(4);
  }, 600_000);

  test('of a restore into an empty place: typed again it is whole', async () => {
    const effects = await atEveryCrash(
      (faults, place) => restore(NOON, request(place), { faults }),
      async (place) => {
        await finish(place);
      },
    );
    expect(effects).toBeGreaterThan(20);
  }, 600_000);

  test('of a restore over a zone: the old one is whole, or lies aside whole', async () => {
    const seen = new Set<string>();
    await atEveryCrash(
      async (faults, place) => {
        cpSync(later, join(place, 'zone'), { recursive: true, verbatimSymlinks: true });
        await restore(NOON, request(place), { faults });
      },
      async (place) => {
        const zoneHome = join(place, 'zone');
        const before = asideOf(place) ?? zoneHome;
        expect(leavesIn(before)).toEqual(leavesIn(later));
        const moment = existsSync(zoneHome) ? 'one' : 'between';
        seen.add(asideOf(place) === undefined ? 'before' : moment);
        await finish(place);
        expect(leavesIn(asideOf(place) ?? '')).toEqual(leavesIn(later));
      },
    );
    expect([...seen].sort()).toEqual(['before', 'between', 'one']);
  }, 600_000);
});
