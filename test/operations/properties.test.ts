import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ZmintError, type ErrorCode } from '../../src/errors.js';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeWaive, planWaive } from '../../src/operations/waive-members.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { Instant } from '../../src/zone/instant.js';
import { judgeResume, judgeWorld, lookBefore } from '../support/play-rules.js';
import { anyStep, mendWorld, takeStep, type Step } from '../support/play-steps.js';
import {
  copyWorld,
  inWorld,
  reloadOf,
  removeWorld,
  ROUNDS_FOLDER,
  type PlayWorld,
} from '../support/play-world.js';
import { makeTestZone, NOON, remint } from '../support/test-zone.js';

/** ZMINT_RUNS plays more sequences; ZMINT_SEED others. */
const RUNS = Number(process.env.ZMINT_RUNS ?? 150);

const NEW_CA: Step = { do: 'remint-ca', how: 'new-key', when: 'now', policy: 'date' };
const BACK: Step = { do: 'rollback', at: null, operation: null };

/** Sequences that once broke something, and those in the environment: they come first. */
const EXAMPLES: readonly (readonly Step[])[] = [
  // A remint that waited while the old CA was retired brought the old root back.
  [NEW_CA, { do: 'remint', at: 0, keepKey: false, when: 'later' }, { do: 'retire' }],
  // A server that was waived kept the old CA, and retiring got stuck on it.
  [NEW_CA, BACK, { do: 'waive', at: 0 }, { do: 'retire' }],
  // What was minted for a server that was waived stood in the way of its next remint.
  [NEW_CA, { do: 'waive', at: 0 }, BACK, NEW_CA],
  // A failed activation put a server back to a trust set that it had never served.
  [{ do: 'break-service', at: 1 }, NEW_CA, { do: 'wait', seconds: 3600 }, { do: 'resume' }],
  // A rollback of the CA left two current certificates where a server had been reminted since.
  [NEW_CA, { do: 'remint', at: 2, keepKey: false, when: 'now' }, BACK, BACK, { do: 'retire' }],
  [NEW_CA, { do: 'remint', at: 2, keepKey: false, when: 'now' }, BACK, { do: 'waive', at: 2 }],
  // Cancelling a CA that was rolled back took the root from a server that was added under it.
  [
    NEW_CA,
    { do: 'add', mint: true },
    { do: 'rollback', at: null, operation: null },
    { do: 'cancel', newest: false },
  ],
  // Cancelling while a home could not be reached recorded it as put back, and it was not.
  [
    { do: 'remint-ca', how: 'new-key', when: 'later', policy: 'date' },
    { do: 'break-home', at: 0 },
    { do: 'cancel', newest: false },
    { do: 'mend' },
  ],
  // A cancel whose reload failed recorded as live the set whose folder it then removed.
  [
    { do: 'remint-ca', how: 'new-key', when: 'later', policy: 'date' },
    { do: 'break-service', at: 1 },
    { do: 'cancel', newest: false },
  ],
  // A server remint was rolled back under a CA that its server had not been staged for: resuming undid it.
  [
    { do: 'remint-all', keepKey: false, when: 'now' },
    { do: 'break-service', at: 4 },
    { do: 'remint-ca', how: 'new-key', when: 'ready', policy: 'date' },
    BACK,
    { do: 'resume' },
  ],
  // Rolling a remint back brought a server that a compromised CA had left behind under that CA again.
  [
    { do: 'remint-all', keepKey: false, when: 'now' },
    { do: 'break-service', at: 1 },
    { do: 'remint-ca', how: 'compromised', when: 'now', policy: 'gate' },
    { do: 'mend' },
    BACK,
  ],
  // A rollback after retiring had begun showed a set in a remint-repo that counted as a person's.
  [
    NEW_CA,
    { do: 'break-home', at: 0 },
    { do: 'waive', at: 1 },
    { do: 'retire' },
    BACK,
    { do: 'wait', seconds: 3600 },
  ],
  ...(JSON.parse(process.env.ZMINT_STEPS ?? '[]') as readonly (readonly Step[])[]),
];

/** Refusals that a person may meet; a sequence goes on after them. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'usage',
  'operation-pending',
  'gate-not-satisfied',
  'too-late',
  'policy',
  'not-found',
  'not-valid-then',
  'storage',
  'partial',
]);

const tally = new Map<string, number>();
let folder = '';
let start = '';

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-start-'));
  start = join(folder, 'zone');
  await makeTestZone({ zoneHome: start, now: NOON }, [
    { name: 'web1', dnsName: 'web1.example.com', reload: reloadOf('web1') },
    { name: 'web2', dnsName: 'web2.example.com', kind: 'satellite', reload: reloadOf('web2') },
  ]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const lines = [...tally].sort().map(([what, count]) => `  ${what}: ${count}`);
  process.stdout.write(`steps of random sequences and how they ended\n${lines.join('\n')}\n`);
});

/** Takes the step, lets refusals pass, and judges the zone. */
async function play(world: PlayWorld, step: Step): Promise<void> {
  const before =
    step.do === 'resume' ? await inWorld(world, (ctx) => lookBefore(world, ctx)) : undefined;
  const outcome = await outcomeOf(() => takeStep(world, step));
  const key = `${step.do}: ${outcome}`;
  tally.set(key, 1 + (tally.get(key) ?? 0));
  await inWorld(world, async (ctx) => {
    const after = await judgeWorld(world, ctx);
    if (before !== undefined) await judgeResume(ctx, before, after);
  });
}

async function outcomeOf(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    if (error instanceof ZmintError && REFUSALS.has(error.code)) return error.code;
    throw error;
  }
}

/** What a person types, in this order, until nothing waits (I-26). */
async function mendOperations(world: PlayWorld): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    const open = await inWorld(world, async (ctx) => {
      await outcomeOf(async () => {
        await resumeOperations(ctx, world.now);
      });
      return openOperations(ctx);
    });
    if (open.length === 0) return;
    for (const id of open) await inWorld(world, (ctx) => mendOne(world, ctx, id));
  }
  const left = await inWorld(world, describeOpen);
  throw new Error(`no command mends ${left}`);
}

async function mendOne(world: PlayWorld, ctx: OperationContext, id: string): Promise<void> {
  const { now } = world;
  const request = { members: [], operation: id, atOnce: true };
  const done = await outcomeOf(async () => {
    await executeActivation(ctx, await planActivation(ctx, request, now));
  });
  if (done === 'done' && !(await openOperations(ctx)).includes(id)) return;
  if (done === 'gate-not-satisfied') await waiveDevices(ctx, id, now);
  if ((await outcomeOf(() => retire(ctx, now))) === 'done') return;
  await outcomeOf(async () => {
    await executeCancel(ctx, await planCancel(ctx, { members: [], operation: id }, now));
  });
}

/**
 * As a person does who reads the hints: servers under the old CA are reminted, and who cannot prove
 * the new trust is waived by name.
 */
async function retire(ctx: OperationContext, now: Instant): Promise<void> {
  for (let refused = 0; refused < 2; refused += 1) {
    const { servers, missing } = await retireOrReasons(ctx, now);
    if (servers === undefined && missing === undefined) return;
    if (servers !== undefined) await remint(ctx, { servers, activateAt: { when: 'now' } });
    const names = (missing ?? []).map((one) => one.member);
    if (names.length > 0) await executeWaive(ctx, await planWaive(ctx, names, now));
  }
  await executeRetire(ctx, await planRetire(ctx, now));
}

interface Reasons {
  readonly servers?: readonly string[];
  readonly missing?: readonly { readonly member: string }[];
}

async function retireOrReasons(ctx: OperationContext, now: Instant): Promise<Reasons> {
  try {
    await executeRetire(ctx, await planRetire(ctx, now));
    return {};
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'gate-not-satisfied') return error.details;
    throw error;
  }
}

/** No folder of a device is reached: a person says that nothing waits for it. */
async function waiveDevices(ctx: OperationContext, id: string, now: Instant): Promise<void> {
  const parts = await ctx.store.operationMembers(id);
  const silent = new Set(
    parts.filter((part) => part.trustProvedAt === null).map((part) => part.memberId),
  );
  const members = await ctx.store.members();
  const devices = members.filter((member) => member.kind === 'mobile' && silent.has(member.id));
  const names = devices.map((member) => member.name);
  await executeWaive(ctx, await planWaive(ctx, names, now));
}

async function openOperations(ctx: OperationContext): Promise<readonly string[]> {
  const operations = await ctx.store.operations();
  return operations
    .filter(({ phase }) => phase !== 'done' && phase !== 'cancelled')
    .map(({ id }) => id);
}

async function describeOpen(ctx: OperationContext): Promise<string> {
  const open = await openOperations(ctx);
  const rows = (await ctx.store.operations()).filter(({ id }) => open.includes(id));
  const parts = await Promise.all(rows.map(({ id }) => ctx.store.operationMembers(id)));
  return JSON.stringify({ rows, parts }, null, 1);
}

/** Once fate relents the zone gets out of every state: the next CA comes, and the old one goes. */
async function expectEscape(world: PlayWorld): Promise<void> {
  mendWorld(world);
  await mendOperations(world);
  await inWorld(world, async (ctx) => {
    await judgeWorld(world, ctx);
    const report = await remint(ctx, { ca: true, activateAt: { when: 'now' } });
    expect(report.operation.phase).toBe('active');
    await retire(ctx, world.now);
    const seen = await judgeWorld(world, ctx);
    expect(seen.size).toBeGreaterThan(0);
    for (const server of seen.values()) {
      expect(server.trust).toHaveLength(1);
      expect(server.chain).toEqual([]);
    }
  });
}

describe('whatever commands come in whatever order', () => {
  test(
    'every server serves, no key is shared, no operation is stuck (I-1, I-5, I-7, I-12, I-14, I-26)',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 12 }), async (steps) => {
          const world = copyWorld(start, NOON);
          try {
            for (const step of steps) await play(world, step);
            await expectEscape(world);
          } finally {
            removeWorld(world);
          }
        }),
        { numRuns: RUNS + EXAMPLES.length, examples: EXAMPLES.map((steps) => [steps]) },
      );
    },
    RUNS * 4_000,
  );

  test('the sequences reach what they are meant to reach', () => {
    for (const step of [
      'remint-ca',
      'remint',
      'activate',
      'rollback',
      'cancel',
      'retire',
      'remove',
    ])
      expect([step, tally.get(`${step}: done`) ?? 0]).not.toEqual([step, 0]);
  });
});
