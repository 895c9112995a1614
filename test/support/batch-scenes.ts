import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { executeAdd, planAdd } from '../../src/operations/add-members.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { HOUR } from '../../src/zone/instant.js';
import { FaultLine } from './fault-line.js';
import { ROUNDS_FOLDER } from './play-world.js';
import { makeTestZone, NOON, openTestZone, remint } from './test-zone.js';

const LATER = { when: 'at', instant: NOON + HOUR } as const;
const NOW = { when: 'at', instant: NOON } as const;

/** The servers of each zone; beside them there is a device with a home. */
export const BATCH_SERVERS: readonly string[] = ['ca1', 'web1', 'web2', 'web3'];

/** A command that works on several members, and how its zone may look afterwards. */
export interface BatchScene {
  /** A copy of a zone that was made at `zoneHome`: the device's home is known by its whole path. */
  readonly start: string;
  /** Where it is to be played. */
  readonly zoneHome: string;
  readonly now: number;
  readonly work: (ctx: OperationContext) => Promise<unknown>;
  /** Judges the zone after recovery; `done`: the command had returned before. */
  readonly check: (ctx: OperationContext, done: boolean) => Promise<void>;
}

/** Zones in the states in which commands start, in a folder that `remove` takes away. */
export interface BatchStage {
  readonly scene: (name: string) => BatchScene;
  readonly remove: () => void;
}

/** Makes the zones. */
export async function setBatchStage(): Promise<BatchStage> {
  const place = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-batch-'));
  const zoneHome = join(place, 'zone');
  await zoneAfter(place, 'fresh', () => Promise.resolve());
  const waiting = (ctx: OperationContext): Promise<unknown> =>
    remint(ctx, { ca: true, activateAt: LATER });
  await zoneAfter(place, 'armed', waiting);
  await zoneAfter(place, 'active', (ctx) => remint(ctx, { ca: true, activateAt: NOW }));
  const log = await zoneAfter(place, 'half', waiting);
  const at = 1 + log.findIndex((effect) => effect.startsWith('store.commit servers-minted'));
  await zoneAfter(place, 'half', waiting, new FaultLine({ when: 'before', at }));
  return {
    scene: (name) => {
      const work = WORK[name];
      if (work === undefined) throw new Error(`there is no work "${name}"`);
      return { ...work, start: join(place, work.start), zoneHome };
    },
    remove: () => {
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Returns the effects of the work; it may die where it is told to. */
async function zoneAfter(
  place: string,
  name: string,
  work: (ctx: OperationContext) => Promise<unknown>,
  faults = new FaultLine(),
): Promise<readonly string[]> {
  const zoneHome = join(place, 'zone');
  rmSync(zoneHome, { recursive: true, force: true });
  const world = { zoneHome, now: NOON };
  await makeTestZone(world, [
    { name: 'web1', dnsName: 'web1.example.com', reload: 'true' },
    { name: 'web2', dnsName: 'web2.example.com', kind: 'satellite' },
    { name: 'web3', dnsName: 'web3.example.com', reload: 'true' },
    { name: 'pc1', kind: 'workstation', home: join(zoneHome, 'servers/pc1') },
  ]);
  const ctx = await openTestZone({ ...world, faults });
  await work(ctx).catch((error: unknown) => {
    if (!faults.crashed) throw error;
  });
  ctx.store.close();
  rmSync(join(place, name), { recursive: true, force: true });
  cpSync(zoneHome, join(place, name), { recursive: true, verbatimSymlinks: true });
  return faults.log;
}

const ADDED = ['web7', 'web8', 'web9'].map((name) => ({ name, dnsName: `${name}.example.com` }));

async function addServers(ctx: OperationContext): Promise<void> {
  const plan = await planAdd(ctx, { members: ADDED, mint: true }, NOON);
  await executeAdd(ctx, plan);
}

type Ends = Readonly<Record<string, readonly string[]>>;

/** The phase that the newest operation ends in, each with the states of the CA's generations. */
function endsIn(ends: Ends, after: string): BatchScene['check'] {
  return async (ctx, done) => {
    const phase = (await ctx.store.operations()).at(-1)?.phase ?? 'none';
    const states = (await ctx.store.authorities()).map(({ state }) => state);
    expect({ phase, states }).toEqual({ phase, states: ends[phase] });
    if (done) expect(phase).toBe(after);
    const live = (await ctx.store.sets()).filter(({ state }) => state === 'live');
    expect(live.filter(({ leaf }) => leaf !== null)).toHaveLength(BATCH_SERVERS.length);
  };
}

type Work = Pick<BatchScene, 'now' | 'work' | 'check'> & { readonly start: string };

const WORK: Readonly<Record<string, Work>> = {
  'remint --ca --activate-at now': {
    start: 'fresh',
    now: NOON,
    work: (ctx) => remint(ctx, { ca: true, activateAt: NOW }),
    check: endsIn({ none: ['active'], active: ['retiring', 'active'] }, 'active'),
  },
  'remint --ca that waits': {
    start: 'fresh',
    now: NOON,
    work: (ctx) => remint(ctx, { ca: true, activateAt: LATER }),
    check: endsIn({ none: ['active'], armed: ['active', 'future'] }, 'armed'),
  },
  'resume of a remint that died before its record': {
    start: 'half',
    now: NOON,
    work: (ctx) => resumeOperations(ctx, NOON),
    check: endsIn({ armed: ['active', 'future'] }, 'armed'),
  },
  activate: {
    start: 'armed',
    now: NOON + HOUR,
    work: async (ctx) =>
      executeActivation(
        ctx,
        await planActivation(ctx, { members: [], atOnce: false }, NOON + HOUR),
      ),
    check: endsIn({ active: ['retiring', 'active'] }, 'active'),
  },
  'activate --now': {
    start: 'armed',
    now: NOON,
    work: async (ctx) =>
      executeActivation(ctx, await planActivation(ctx, { members: [], atOnce: true }, NOON)),
    check: endsIn({ armed: ['active', 'future'], active: ['retiring', 'active'] }, 'active'),
  },
  'remint --all': {
    start: 'fresh',
    now: NOON,
    work: (ctx) => remint(ctx, { all: true }),
    check: endsIn({ none: ['active'], done: ['active'] }, 'done'),
  },
  'server add': {
    start: 'fresh',
    now: NOON,
    work: addServers,
    check: async (ctx) => {
      const names = (await ctx.store.members()).map(({ name }) => name);
      const added = ADDED.filter(({ name }) => names.includes(name));
      const live = (await ctx.store.sets()).filter(({ state }) => state === 'live');
      expect(live).toHaveLength(BATCH_SERVERS.length + added.length);
    },
  },
  rollback: {
    start: 'active',
    now: NOON,
    work: async (ctx) => executeRollback(ctx, await planRollback(ctx, { members: [] }, NOON)),
    check: endsIn({ active: ['retiring', 'active'], armed: ['active', 'future'] }, 'armed'),
  },
  cancel: {
    start: 'armed',
    now: NOON,
    work: async (ctx) => executeCancel(ctx, await planCancel(ctx, { members: [] }, NOON)),
    check: endsIn({ armed: ['active', 'future'], cancelled: ['active', 'cancelled'] }, 'cancelled'),
  },
  retire: {
    start: 'active',
    now: NOON,
    work: async (ctx) => executeRetire(ctx, await planRetire(ctx, NOON)),
    check: endsIn({ active: ['retiring', 'active'], done: ['retired', 'active'] }, 'done'),
  },
};
