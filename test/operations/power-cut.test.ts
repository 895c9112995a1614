import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import { setBatchStage, type BatchStage } from '../support/batch-scenes.js';
import type { PowerCutFs } from '../support/power-cut-fs.js';
import { cutEverywhere, type PowerCutScenario } from '../support/power-cut-loop.js';

/** Printed when a test fails; given again, the same cuts are made. */
const SEED = Number(process.env.ZMINT_POWER_CUT_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** So many moments of each command and batch size, each cut in several ways. */
const MOMENTS = Number(process.env.ZMINT_POWER_CUTS ?? 8);
const WAYS = 3;
const LIMIT = 600_000;

const COMMANDS = [
  'remint --ca --activate-at now',
  'remint --ca that waits',
  'resume of a remint that died before its record',
  'activate',
  'activate --now',
  'rollback',
  'cancel',
  'retire',
  'server add',
];
const CASES = COMMANDS.flatMap((name) => [2, 50].map((size) => [name, size] as const));

let stage: BatchStage;
let open = 0;

beforeAll(async () => {
  stage = await setBatchStage();
});

afterAll(() => {
  stage.remove();
});

async function cuts(scenario: PowerCutScenario): ReturnType<typeof cutEverywhere> {
  try {
    return await cutEverywhere(scenario, SEED, { moments: MOMENTS, ways: WAYS });
  } catch (error) {
    throw new Error(`ZMINT_POWER_CUT_SEED=${SEED}: ${String(error)}`, { cause: error });
  }
}

test.each(CASES)(
  'I-1, I-11, I-16: power cuts during %s, in batches of %i',
  async (name, batchSize) => {
    const count = await cuts({ ...stage.scene(name), batchSize });
    expect(count.cuts).toBe(MOMENTS * WAYS);
    open += count.open;
  },
  LIMIT,
);

test('a third of the cuts found something that was not synced', () => {
  expect(open).toBeGreaterThan((CASES.length * MOMENTS * WAYS) / 3);
});

test.each(['remint --ca --activate-at now', 'remint --ca that waits', 'activate', 'retire'])(
  'a flush that does nothing is found out during %s',
  async (name) => {
    const idle = (disk: PowerCutFs): ZoneFs => ({ ...disk, syncAll: () => Promise.resolve() });
    const scenario = { ...stage.scene(name), batchSize: 2, bend: idle };
    await expect(cuts(scenario)).rejects.toThrow(/: cut \d+ (?:before|after) effect \d+ of \d+: /u);
  },
  LIMIT,
);
