import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BATCH_SERVERS, setBatchStage, type BatchStage } from '../support/batch-scenes.js';
import { crashEverywhere } from '../support/crash-loop.js';

const OF_TWO = [
  'remint --ca --activate-at now',
  'remint --all',
  'activate',
  'activate --now',
  'cancel',
  'rollback',
  'retire',
  'server add',
];
const OF_ONE_AND_THREE = ['remint --ca --activate-at now', 'activate'];

let stage: BatchStage;

beforeAll(async () => {
  stage = await setBatchStage();
});

afterAll(() => {
  stage.remove();
});

test.each([
  ...OF_TWO.map((name) => [name, 2] as const),
  ...OF_ONE_AND_THREE.flatMap((name) => [1, 3].map((size) => [name, size] as const)),
])(
  'I-1, I-8, I-11: a crash after every effect of %s, in batches of %i',
  async (name, batchSize) => {
    const { check, ...scene } = stage.scene(name);
    const count = await crashEverywhere({
      ...scene,
      batchSize,
      servers: BATCH_SERVERS,
      whens: ['after'],
      check: (ctx) => check(ctx, false),
    });
    expect(count.effects).toBeGreaterThan(20);
  },
  600_000,
);
