import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createFormatContext } from '../../bin/format-context.js';
import { executeCaChange } from '../../src/operations/execute-ca-change.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { executeImport } from '../../src/operations/execute-import.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import { planCaChange, type CaChangeRequest } from '../../src/operations/plan-ca-change.js';
import { planImport } from '../../src/operations/plan-import.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { crashEverywhere, crashTwice, type CrashScenario } from '../support/crash-loop.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';
import { NOON } from '../support/test-zone.js';

const SERVERS = ['web1', 'web2'];
const NONE = { members: [] };

const INTERNAL: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
  'zmint server add web2 --dns web2.example.com --yes',
];
const CHANGE = 'zmint ca change --no-backup-check --to external --chain chain.pem --yes';
const HAND_OUT = 'zmint generate-csr --waiting --out .';

let ca: ExternalCa;
let internal: ImportWorld;
let armed: ImportWorld;
let active: ImportWorld;
let external: ImportWorld;
let chain: Uint8Array;

beforeAll(async () => {
  ca = makeExternalCa();
  chain = Buffer.from(ca.intermediate + ca.root);
  internal = await importWorld(ca, INTERNAL);
  armed = await importWorld(ca, [...INTERNAL, CHANGE, HAND_OUT]);
  for (const server of SERVERS) armed.signed(server);
  active = await importWorld(ca, [...INTERNAL, CHANGE, HAND_OUT]);
  for (const server of SERVERS) active.signed(server);
  await active.at.given(['zmint ssl import web1.cer web2.cer --yes']);
  external = await importWorld(ca);
  for (const server of SERVERS) external.signed(server);
  await external.at.given(['zmint ssl import web1.cer web2.cer --yes']);
});

const TERMS = {
  keySpec: null,
  years: null,
  commonName: null,
  activateAt: { when: 'ready' },
  updateName: null,
} as const;

async function change(ctx: OperationContext, target: CaChangeRequest['target']): Promise<void> {
  const plan = await planCaChange(ctx, createFormatContext(), { target, ...TERMS }, NOON);
  await executeCaChange(ctx, plan);
}

function toExternal(ctx: OperationContext): Promise<void> {
  const wish = {
    servers: [],
    all: true,
    commonName: null,
    fields: {},
    keySpec: null,
    includeDns: false,
    names: [],
  };
  const file = { name: 'chain.pem', bytes: chain, passphrases: [] };
  return change(ctx, { to: 'external', chain: file, requests: wish });
}

function toInternal(ctx: OperationContext): Promise<void> {
  return change(ctx, { to: 'internal', server: 'web2', custody: 'no-passphrase' });
}

async function importAll(ctx: OperationContext): Promise<void> {
  const files = SERVERS.map((server) => ({
    name: server,
    bytes: readFileSync(join(armed.at.zoneHome, '..', `${server}.cer`)),
    passphrases: [],
    server: null,
  }));
  const request = { files, activateAt: { when: 'ready' }, put: false, force: false } as const;
  const plan = await planImport(ctx, createFormatContext(), request, NOON);
  if (plan.sets.length > 0) await executeImport(ctx, plan);
}

async function cancel(ctx: OperationContext): Promise<void> {
  await executeCancel(ctx, await planCancel(ctx, NONE, NOON));
}

async function rollback(ctx: OperationContext): Promise<void> {
  await executeRollback(ctx, await planRollback(ctx, NONE, NOON));
}

async function retire(ctx: OperationContext): Promise<void> {
  await executeRetire(ctx, await planRetire(ctx, NOON));
}

type Work = (ctx: OperationContext) => Promise<void>;

/** The work, and what must be so in every zone that recovered from its death. */
function scenario(world: ImportWorld, work: Work, check: CrashScenario['check']): CrashScenario {
  return { start: world.at.zoneHome, now: NOON, servers: SERVERS, placed: true, work, check };
}

async function newest(ctx: OperationContext): Promise<string> {
  return (await ctx.store.operations()).at(-1)?.phase ?? 'none';
}

async function activeKind(ctx: OperationContext): Promise<string | undefined> {
  return (await ctx.store.authorities()).find(({ state }) => state === 'active')?.kind;
}

describe('a change of the CA dies at no effect', () => {
  test('to an external CA: it was not begun, or it waits with a request for every server', async () => {
    const { effects } = await crashEverywhere(
      scenario(internal, toExternal, async (ctx) => {
        expect(['none', 'armed']).toContain(await newest(ctx));
        if ((await newest(ctx)) === 'none') await toExternal(ctx);
        const waiting = (await ctx.store.requests()).filter(
          ({ state }) => state === 'csr-generated',
        );
        expect(waiting).toHaveLength(SERVERS.length);
        expect(await ctx.store.anchors()).toHaveLength(2);
        expect(await activeKind(ctx)).toBe('internal');
      }),
    );
    expect(effects).toBeGreaterThan(60);
  }, 600_000);

  test('the import that opens the gate: typed again it is done', async () => {
    const { effects } = await crashEverywhere(
      scenario(armed, importAll, async (ctx) => {
        await importAll(ctx);
        await resumeOperations(ctx, NOON);
        expect(await newest(ctx)).toBe('active');
        expect(await activeKind(ctx)).toBe('external');
        const open = (await ctx.store.requests()).filter(({ state }) => state !== 'done');
        expect(open).toEqual([]);
      }),
    );
    expect(effects).toBeGreaterThan(60);
  }, 600_000);

  test('cancel: all is as before', async () => {
    await crashEverywhere(
      scenario(armed, cancel, async (ctx, zoneHome) => {
        if ((await newest(ctx)) !== 'cancelled') await cancel(ctx);
        expect(await ctx.store.anchors()).toHaveLength(1);
        expect((await ctx.store.zone()).custody).toBe('no-passphrase');
        for (const name of SERVERS) {
          const home = join(zoneHome, 'servers', name);
          expect(await ctx.homes.live(home)).toBe(1);
        }
      }),
    );
  }, 600_000);

  test('rollback: the former CA serves, or it had not begun', async () => {
    await crashEverywhere(
      scenario(active, rollback, async (ctx) => {
        if ((await newest(ctx)) === 'active') await rollback(ctx);
        expect(await newest(ctx)).toBe('armed');
        expect(await activeKind(ctx)).toBe('internal');
        await cancel(ctx);
        expect(await ctx.store.anchors()).toHaveLength(1);
      }),
    );
  }, 600_000);

  test('retire: the zone has no key of a CA any more', async () => {
    await crashEverywhere(
      scenario(active, retire, async (ctx) => {
        if ((await newest(ctx)) === 'active') await retire(ctx);
        expect(await newest(ctx)).toBe('done');
        expect(await ctx.store.zone()).toMatchObject({ custody: 'external', caMemberId: null });
        expect(await ctx.store.anchors()).toHaveLength(1);
      }),
    );
  }, 600_000);

  test('to an internal CA: it was undone, or done', async () => {
    const { effects } = await crashEverywhere(
      scenario(external, toInternal, async (ctx) => {
        if (['done', 'cancelled'].includes(await newest(ctx))) await toInternal(ctx);
        expect(await newest(ctx)).toBe('active');
        expect(await activeKind(ctx)).toBe('internal');
      }),
    );
    expect(effects).toBeGreaterThan(100);
  }, 600_000);

  test('also while it recovers', async () => {
    const settled: CrashScenario['check'] = async (ctx) => {
      expect(['none', 'armed']).toContain(await newest(ctx));
    };
    expect((await crashTwice(scenario(internal, toExternal, settled), 31)).rounds).toBeGreaterThan(
      20,
    );
  }, 600_000);
});
