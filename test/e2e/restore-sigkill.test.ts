import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { zmint } from '../support/run-program.js';
import { backUp } from '../support/test-custody.js';
import { makeTestZone, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const SERVERS = ['ca1', 'web1'];
/** So many kills, of which half come over a zone and half into an empty place; the whole number is 200 (ZMINT_RESTORE_KILLS). */
const KILLS = Number(process.env.ZMINT_RESTORE_KILLS ?? 20);
const LIMIT = 1_200_000;

let folder = '';
let origin = '';
let later = '';
let words: readonly string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-restore-'));
  const now = Math.floor(Date.now() / 1000);
  origin = join(folder, 'origin', 'zone');
  later = join(folder, 'later', 'zone');
  for (const name of ['origin', 'later']) mkdirSync(join(folder, name), { mode: 0o700 });
  await makeTestZone({ zoneHome: origin, now }, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  const backup = join(folder, 'zone.age');
  const secret = join(folder, 'secret');
  await backUp({ zoneHome: origin, now }, backup);
  writeFileSync(secret, 'four words of peace\n', { mode: 0o600 });
  cpSync(origin, later, { recursive: true, verbatimSymlinks: true });
  const ctx = await openTestZone({ zoneHome: later, now });
  await remint(ctx, { servers: ['web1'] });
  ctx.store.close();
  words = ['ca', 'restore', backup, '--passphrase-file', secret, '--accept-older', '--yes'];
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function leavesIn(zoneHome: string): readonly string[] {
  return SERVERS.map((name) => checkHome(join(zoneHome, 'servers', name), new Date()).leaf);
}

function asideIn(place: string): string | undefined {
  const name = readdirSync(place).find((each) => each.includes('.before-restore-'));
  return name === undefined ? undefined : join(place, name);
}

const EARLY = 'before the first write, or at its end';
const MIDDLE = 'while it was made ready';
const LATE = 'after its end';

/** How long a restore takes that nobody kills, in milliseconds. */
async function measure(): Promise<number> {
  const place = mkdtempSync(join(folder, 'whole-'));
  const { ms, status, err } = await zmint(['--zone', join(place, 'zone'), ...words]);
  if (status !== 0) throw new Error(err);
  return ms;
}

/** Kills the restore after so many milliseconds; returns where it hit. */
async function round(over: boolean, after: number): Promise<string> {
  const place = mkdtempSync(join(folder, 'round-'));
  const zoneHome = join(place, 'zone');
  try {
    if (over) cpSync(later, zoneHome, { recursive: true, verbatimSymlinks: true });
    const run = await zmint(['--zone', zoneHome, ...words], {
      started: (child) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), after);
        child.on('exit', () => {
          clearTimeout(timer);
        });
      },
    });
    const staged = existsSync(join(place, '.zone.restoring'));
    if (over) expect(leavesIn(asideIn(place) ?? zoneHome)).toEqual(leavesIn(later));
    const again = await zmint(['--zone', zoneHome, ...words]);
    if (again.status !== 0) throw new Error(`restored again: ${again.err}`);
    expect(leavesIn(zoneHome)).toEqual(leavesIn(origin));
    const key = join(zoneHome, 'servers/ca1/certificate-authority/1/key.enc');
    expect(existsSync(key)).toBe(true);
    if (over) expect(leavesIn(asideIn(place) ?? '')).toEqual(leavesIn(later));
    const doctor = await zmint(['--zone', zoneHome, 'doctor']);
    if (doctor.status !== 0) throw new Error(`doctor: ${doctor.out}`);
    if (run.signal !== 'SIGKILL') return LATE;
    return staged ? MIDDLE : EARLY;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

test(
  `ca restore is killed ${KILLS} times (I-3, I-11, I-22)`,
  async () => {
    const whole = await measure();
    const tally = new Map<string, number>();
    let pace = 1;
    for (let hits = 0, rounds = 0; hits < KILLS && rounds < KILLS * 5; rounds += 1) {
      const where = await round(rounds % 2 === 0, pace * whole * (0.5 + Math.random() / 2));
      tally.set(where, 1 + (tally.get(where) ?? 0));
      // How fast the machine is changes: the moments follow it.
      if (where === LATE) pace *= 0.9;
      else hits += 1;
      if (where === EARLY) pace *= 1.1;
    }
    const counts = [...tally].map(([where, count]) => `${where} ${count}`).join(', ');
    process.stdout.write(`SIGKILL of ca restore: ${counts}\n`);
    expect(tally.get(MIDDLE) ?? 0).toBeGreaterThan(0);
  },
  LIMIT,
);
