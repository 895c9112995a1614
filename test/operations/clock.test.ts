import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { addYears, DAY, HOUR, type Instant, type Seconds } from '../../src/zone/instant.js';
import { parseMoment } from '../../src/zone/parse-when.js';
import type { RemintRequest } from '../../src/zone/remint-plan.js';
import { CLOCK_CHANGES, MOMENTS, offsetIn } from '../support/moments.js';
import {
  copyWorld,
  inWorld,
  reloadOf,
  removeWorld,
  ROUNDS_FOLDER,
  type PlayWorld,
} from '../support/play-world.js';
import { makeTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const NAMES = ['ca1', 'web1'];
const YEAR = 365 * DAY;
const JUMPS: readonly Seconds[] = [-1, 1, -HOUR, HOUR, -10 * DAY, 10 * DAY, YEAR];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-clock-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A zone that was made 15 days before the instant. */
async function zoneBefore(instant: Instant): Promise<string> {
  const zoneHome = mkdtempSync(join(folder, 'zone-'));
  await makeTestZone(
    { zoneHome, now: instant - 15 * DAY },
    [{ name: 'web1', dnsName: 'web1.example.com', reload: reloadOf('web1') }],
    'ec:P-256',
    { reload: reloadOf('ca1') },
  );
  return zoneHome;
}

/** Plays in a copy of the zone in which a remint was staged for the instant, 12 days before it. */
async function staged(
  start: string,
  instant: Instant,
  play: (world: PlayWorld) => Promise<void>,
  how: { readonly ca?: boolean; readonly jump?: Seconds } = {},
): Promise<void> {
  const world = copyWorld(start, instant - 12 * DAY + (how.jump ?? 0));
  const request: Partial<RemintRequest> =
    how.ca === true ? { ca: true, years: 9 } : { all: true, years: 3 };
  try {
    const report = await inWorld(world, (ctx) =>
      remint(ctx, { ...request, activateAt: { when: 'at', instant } }),
    );
    expect(report.operation.phase).toBe('armed');
    expect(report.operation.activation).toEqual({ when: 'at', instant });
    await play(world);
  } finally {
    removeWorld(world);
  }
}

/** What cron does when clocks show this; returns what servers serve to a client that knows the time. */
async function resumeAt(world: PlayWorld, now: Instant, real: Instant): Promise<readonly string[]> {
  world.now = now;
  await inWorld(world, (ctx) => resumeOperations(ctx, now));
  return leaves(world, real);
}

function leaves(world: PlayWorld, at: Instant): readonly string[] {
  return NAMES.map((name) => {
    const home = join(world.zoneHome, 'servers', name);
    return checkHome(home, new Date(at * 1000)).leaf;
  });
}

function reloads(world: PlayWorld): readonly number[] {
  return NAMES.map((name) => world.reloads.get(name) ?? 0);
}

/** Before the instant the clock jumps and is put right; after it, it jumps again. */
async function jumpAround(world: PlayWorld, instant: Instant, jump: Seconds): Promise<void> {
  const before = leaves(world, instant);
  expect(await resumeAt(world, instant - 1, instant)).toEqual(before);
  const early = instant - 1 + jump;
  const jumped = await resumeAt(world, early, instant);
  const due = early >= instant;
  expect(jumped.filter((leaf, index) => leaf !== before[index])).toHaveLength(due ? 2 : 0);
  expect(await resumeAt(world, instant - 1, instant)).toEqual(jumped);
  const active = await resumeAt(world, instant, instant);
  expect(active.filter((leaf) => before.includes(leaf))).toEqual([]);
  if (due) expect(active).toEqual(jumped);
  for (const later of [instant + jump, instant - 11 * DAY, instant + HOUR])
    expect(await resumeAt(world, later, instant)).toEqual(active);
  expect(reloads(world)).toEqual([1, 1]);
}

describe('an activation and clocks that step (I-12, I-19)', () => {
  test('there are 36 instants', () => {
    expect(MOMENTS).toHaveLength(36);
    expect(new Set(MOMENTS.map(([, instant]) => instant)).size).toBe(36);
  });

  test.each(MOMENTS)(
    'at %s',
    async (_written, instant) => {
      const start = await zoneBefore(instant);
      for (const jump of JUMPS) {
        await staged(start, instant, (world) => jumpAround(world, instant, jump));
      }
      rmSync(start, { recursive: true });
    },
    120_000,
  );

  test.each(MOMENTS)(
    'at %s, of a CA, staged by a clock that is wrong, by a host that sleeps',
    async (_written, instant) => {
      const start = await zoneBefore(instant);
      const once = async (world: PlayWorld, at: Instant, count: number): Promise<void> => {
        const before = leaves(world, instant);
        expect(await resumeAt(world, instant - 1, instant)).toEqual(before);
        const active = await resumeAt(world, at, at);
        expect(active.filter((leaf) => before.includes(leaf))).toEqual([]);
        expect(await resumeAt(world, instant - 9 * DAY, at)).toEqual(active);
        expect(await resumeAt(world, at + 1, at)).toEqual(active);
        expect(reloads(world)).toEqual([count, count]);
      };
      await staged(start, instant, (world) => once(world, instant, 2), { ca: true });
      await staged(start, instant, (world) => once(world, instant + 10 * DAY, 1));
      for (const jump of [-10 * DAY, -HOUR, HOUR, 10 * DAY])
        await staged(start, instant, (world) => once(world, instant, 1), { jump });
      rmSync(start, { recursive: true });
    },
    120_000,
  );
});

describe('times of day that clocks skip or show twice', () => {
  test.each(CLOCK_CHANGES)('$zone, skipped $skipped, repeated $repeated', (change) => {
    const offsetAt = offsetIn(change.zone);
    const read = (text: string): Instant => parseMoment(text, { now: 0, offsetAt });
    const wrong = change.skipped ?? change.repeated ?? '';
    expect(() => read(wrong)).toThrow(change.skipped === undefined ? /twice/u : /skip/u);
    const [first = 0, second = 0] = change.around.map(read);
    const between = change.skipped === undefined ? [1800, 3600] : [1];
    expect(between).toContain(second - first);
  });
});

describe('years', () => {
  test.each([
    ['2028-02-29T10:00:00Z', 1, '2029-02-28T10:00:00Z'],
    ['2028-02-29T10:00:00Z', 4, '2032-02-29T10:00:00Z'],
    ['2096-02-29T00:00:00Z', 4, '2100-02-28T00:00:00Z'],
    ['2027-02-28T23:59:59Z', 1, '2028-02-28T23:59:59Z'],
    ['2027-12-31T23:59:59Z', 10, '2037-12-31T23:59:59Z'],
  ])('%s and %i years are %s', (from, years, to) => {
    expect(addYears(Date.parse(from) / 1000, years)).toBe(Date.parse(to) / 1000);
  });
});
