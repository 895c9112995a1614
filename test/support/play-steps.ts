import * as fc from 'fast-check';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { executeAdd, planAdd } from '../../src/operations/add-members.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import {
  executeRemove,
  executeSet,
  planRemove,
  planSet,
} from '../../src/operations/change-members.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import { executeWaive, planWaive } from '../../src/operations/waive-members.js';
import type { OperationContext } from '../../src/ports/context.js';
import { DAY, HOUR, type Seconds } from '../../src/zone/instant.js';
import type { RemintRequest } from '../../src/zone/remint-plan.js';
import { inWorld, moveClock, reloadOf, type PlayWorld } from './play-world.js';
import { remint } from './test-zone.js';

type When = 'now' | 'ready' | 'later';

/** What a person, cron or fate does. `at` chooses a server among those that there are. */
export type Step =
  | { readonly do: 'add'; readonly mint: boolean }
  | { readonly do: 'add-device' }
  | { readonly do: 'set'; readonly at: number; readonly dns: string }
  | { readonly do: 'remint'; readonly at: number; readonly keepKey: boolean; readonly when: When }
  | { readonly do: 'remint-all'; readonly keepKey: boolean; readonly when: When }
  | {
      readonly do: 'remint-ca';
      readonly how: 'new-key' | 'keep-key' | 'compromised';
      readonly when: When;
      readonly policy: 'date' | 'gate';
    }
  | { readonly do: 'resume' }
  | { readonly do: 'wait'; readonly seconds: Seconds }
  | { readonly do: 'activate'; readonly at: number | null; readonly atOnce: boolean }
  | { readonly do: 'cancel'; readonly newest: boolean }
  | { readonly do: 'rollback'; readonly at: number | null; readonly operation: number | null }
  | { readonly do: 'retire' }
  | { readonly do: 'remove'; readonly at: number }
  | { readonly do: 'waive'; readonly at: number }
  | { readonly do: 'break-service'; readonly at: number }
  | { readonly do: 'break-home'; readonly at: number }
  | { readonly do: 'mend' };

const at = fc.nat({ max: 5 });
const maybeAt = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: at });
const when = fc.constantFrom<When>('now', 'ready', 'later');
const keepKey = fc.boolean();

/** Any step; those that carry an operation along come more often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), mint: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'add-device' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      at,
      dns: fc.constantFrom('a.example.com', 'b.example.com'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remint' as const), at, keepKey, when }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remint-all' as const), keepKey, when }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('remint-ca' as const),
      how: fc.constantFrom('new-key', 'new-key', 'keep-key', 'compromised'),
      when,
      policy: fc.constantFrom('date', 'gate'),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'resume' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(HOUR, 2 * DAY, 15 * DAY, -HOUR),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('activate' as const),
      at: maybeAt,
      atOnce: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cancel' as const), newest: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('rollback' as const),
      at: maybeAt,
      operation: maybeAt,
    }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'retire' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('waive' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('break-service' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('break-home' as const), at }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'mend' }) },
);

/** Does one step; throws what the operation throws. */
export async function takeStep(world: PlayWorld, step: Step): Promise<void> {
  if (step.do === 'wait') moveClock(world, step.seconds);
  else if (step.do === 'mend') mendWorld(world);
  else await inWorld(world, (ctx) => takeInside(world, ctx, step));
}

/** Fate relents: every service works and every home can be written. */
export function mendWorld(world: PlayWorld): void {
  world.brokenServices.clear();
  world.brokenHomes.clear();
}

type Inside = Exclude<Step, { do: 'wait' | 'mend' }>;

type Moving = Extract<Inside, { do: 'resume' | 'activate' | 'cancel' | 'rollback' | 'retire' }>;
type Changing = Extract<Inside, { do: 'add' | 'add-device' | 'set' | 'remove' | 'waive' }>;

async function takeInside(world: PlayWorld, ctx: OperationContext, step: Inside): Promise<void> {
  if (step.do === 'break-service') world.brokenServices.add(await serverAt(ctx, step.at));
  else if (step.do === 'break-home') world.brokenHomes.add(await serverAt(ctx, step.at));
  else if (isRemint(step)) await remint(ctx, await requestOf(world, ctx, step));
  else if (isMoving(step)) await moveOperation(world, ctx, step);
  else await changeMembers(world, ctx, step);
}

function isRemint(
  step: Inside,
): step is Extract<Inside, { do: 'remint' | 'remint-all' | 'remint-ca' }> {
  return step.do === 'remint' || step.do === 'remint-all' || step.do === 'remint-ca';
}

const MOVING: readonly string[] = ['resume', 'activate', 'cancel', 'rollback', 'retire'];

function isMoving(step: Inside): step is Moving {
  return MOVING.includes(step.do);
}

async function changeMembers(
  world: PlayWorld,
  ctx: OperationContext,
  step: Changing,
): Promise<void> {
  const { now } = world;
  if (step.do === 'set') {
    const update = { additionalDnsNames: [step.dns] };
    await executeSet(ctx, await planSet(ctx, await serverAt(ctx, step.at), update, now));
  } else if (step.do === 'remove') {
    await executeRemove(ctx, await planRemove(ctx, await serverAt(ctx, step.at), now));
  } else if (step.do === 'waive') {
    await executeWaive(ctx, await planWaive(ctx, [await serverAt(ctx, step.at)], now));
  } else {
    const name = `new${(await ctx.store.lastEvents(1)).at(-1)?.sequence ?? 0}`;
    const server = { name, dnsName: `${name}.example.com`, reload: reloadOf(name) };
    const member = step.do === 'add' ? server : { name, kind: 'mobile' };
    const mint = step.do === 'add' && step.mint;
    const report = await executeAdd(ctx, await planAdd(ctx, { members: [member], mint }, now));
    const [failed] = report.failed;
    if (failed !== undefined) throw failed.error;
  }
}

async function requestOf(
  world: PlayWorld,
  ctx: OperationContext,
  step: Extract<Inside, { do: 'remint' | 'remint-all' | 'remint-ca' }>,
): Promise<Partial<RemintRequest>> {
  const activateAt: RemintRequest['activateAt'] =
    step.when === 'later' ? { when: 'at', instant: world.now + DAY } : { when: step.when };
  if (step.do === 'remint')
    return { servers: [await serverAt(ctx, step.at)], keepKey: step.keepKey, activateAt };
  if (step.do === 'remint-all') return { all: true, keepKey: step.keepKey, activateAt };
  const { how, policy } = step;
  return {
    ca: true,
    keepKey: how === 'keep-key',
    compromised: how === 'compromised',
    policy,
    activateAt,
  };
}

async function moveOperation(world: PlayWorld, ctx: OperationContext, step: Moving): Promise<void> {
  const { now } = world;
  switch (step.do) {
    case 'resume':
      await resumeOperations(ctx, now);
      return;
    case 'activate': {
      const request = { members: await named(ctx, step.at), atOnce: step.atOnce };
      await executeActivation(ctx, await planActivation(ctx, request, now));
      return;
    }
    case 'cancel': {
      const pending = (await ctx.store.operations()).filter((one) => one.endedAt === null);
      const operation = step.newest ? pending.at(-1)?.id : undefined;
      await executeCancel(ctx, await planCancel(ctx, { members: [], operation }, now));
      return;
    }
    case 'rollback': {
      const members = await named(ctx, step.at);
      const operation = step.operation === null ? undefined : `op-${1 + step.operation}`;
      await executeRollback(ctx, await planRollback(ctx, { members, operation }, now));
      return;
    }
    case 'retire':
      await executeRetire(ctx, await planRetire(ctx, now));
  }
}

async function named(ctx: OperationContext, index: number | null): Promise<readonly string[]> {
  return index === null ? [] : [await serverAt(ctx, index)];
}

async function serverAt(ctx: OperationContext, index: number): Promise<string> {
  const servers = (await ctx.store.members()).filter((member) => member.kind !== 'mobile');
  return servers[index % servers.length]?.name ?? '';
}
