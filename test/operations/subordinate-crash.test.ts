import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  executeSubordinateInit,
  planSubordinateInit,
} from '../../src/operations/init-subordinate-zone.js';
import {
  executeAuthorityRequest,
  planAuthorityRequest,
} from '../../src/operations/request-authority.js';
import { executeWithdraw, planWithdraw } from '../../src/operations/withdraw-authority.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { ZmintError } from '../../src/errors.js';
import { crashEverywhere } from '../support/crash-loop.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { FaultLine, type CrashPoint } from '../support/fault-line.js';
import { SimulatedCrash } from '../support/faulty-zone-fs.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';
import { takeAuthority } from '../support/take-authority.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NOON, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

/** After one effect is before the next. */
const AFTER = ['after'] as const;

let company: ExternalCa;
let waiting: SubordinateWorld;
let signed: Uint8Array;
let below: SubordinateWorld;
let next: SubordinateWorld;
let renewed: Uint8Array;

beforeAll(async () => {
  company = makeExternalCa();
  waiting = await subordinateWorld(company);
  signed = readFileSync(waiting.signed());
  below = await subordinateWorld(company);
  await below.at.given([`zmint ssl import ${below.signed()} --yes`]);
  next = await subordinateWorld(company);
  await next.at.given([`zmint ssl import ${next.signed()} --yes`, 'zmint ssl remint --ca --yes']);
  renewed = readFileSync(next.signed());
});

const PLAN = planSubordinateInit(
  {
    name: 'Example',
    server: { name: 'web1', dnsName: 'web1.example.com' },
    keySpec: 'ec:P-256',
    commonName: null,
    fields: {},
    custody: 'no-passphrase',
  },
  NOON,
);

/** Makes the zone and dies there; returns the effects until then. */
async function init(zoneHome: string, point?: CrashPoint): Promise<readonly string[]> {
  const faults = new FaultLine(point);
  const ctx = await openTestZone({ zoneHome, now: NOON, faults }, 'create');
  try {
    await executeSubordinateInit(ctx, PLAN);
  } catch (error) {
    if (!(error instanceof SimulatedCrash)) throw error;
  } finally {
    ctx.store.close();
  }
  return faults.log;
}

/** What a person types next: init again, or resume when there is a zone already. */
async function recover(zoneHome: string): Promise<void> {
  try {
    await init(zoneHome);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code !== 'zone-exists') throw error;
  }
  const ctx = await openTestZone({ zoneHome, now: NOON });
  await resumeOperations(ctx, NOON);
  expect(await ctx.store.damage()).toEqual([]);
  expect(await ctx.store.authorities()).toEqual([]);
  const [request, ...more] = await ctx.store.authorityRequests();
  expect({ more, state: request?.state }).toEqual({ more: [], state: 'csr-generated' });
  // The key that the request is for is there and opens (I-4).
  const { id: zoneId } = await ctx.store.zone();
  const identity = { zoneId, spkiSha256: request?.spkiSha256 ?? '' };
  const home = join(zoneHome, 'servers/web1');
  const unlock = { kind: 'no-passphrase' } as const;
  (await ctx.vault.open({ home, generation: 1 }, identity, unlock)).close();
  expect(await ctx.vault.list(home)).toEqual([1]);
  ctx.store.close();
}

/** It was not taken, and is taken now; or it is the CA, and servers lack certificates at the most. */
async function finishImport(ctx: OperationContext, zoneHome: string): Promise<void> {
  const [authority] = await ctx.store.authorities();
  if (authority === undefined) {
    await takeAuthority(ctx, signed);
  } else if (
    (await ctx.store.certificates({ purpose: 'server', states: ['current'] })).length < 2
  ) {
    await remint(ctx, { all: true, activateAt: { when: 'now' } });
  }
  const anchors = await ctx.store.anchors();
  expect(anchors.map(({ alias }) => alias)).toEqual(['zone-ca-g1']);
  expect((await ctx.store.authorityRequests()).map(({ state }) => state)).toEqual(['done']);
  for (const server of ['web1', 'web2']) {
    const { chain, trust } = checkHome(join(zoneHome, 'servers', server), new Date(NOON * 1000));
    expect(chain).toHaveLength(2);
    expect(trust).toEqual(anchors.map(({ certificate }) => certificate));
  }
  const published = readFileSync(join(zoneHome, 'truststore/cacerts.pem'), 'latin1');
  expect(published).toBe(company.root);
}

async function request(ctx: OperationContext): Promise<void> {
  const wanted = {
    server: null,
    commonName: null,
    fields: {},
    keySpec: null,
    custody: 'no-passphrase',
    wish: { activateAt: { when: 'ready' }, updateName: null },
  } as const;
  await executeAuthorityRequest(ctx, await planAuthorityRequest(ctx, wanted, NOON));
}

async function withdraw(ctx: OperationContext): Promise<void> {
  const plan = await planWithdraw(ctx, NOON);
  if (plan !== undefined) await executeWithdraw(ctx, plan);
}

async function activeGeneration(ctx: OperationContext): Promise<number | undefined> {
  return (await ctx.store.authorities()).find(({ state }) => state === 'active')?.generation;
}

describe('the successor of a CA under a company root', () => {
  const SERVERS = ['web1', 'web2'];

  test('dies at no effect of its request, nor of its giving up', async () => {
    const states = async (ctx: OperationContext): Promise<readonly string[]> =>
      (await ctx.store.authorityRequests()).map(({ state }) => state);
    const home = (zoneHome: string): string => join(zoneHome, 'servers/web1');
    const { effects } = await crashEverywhere({
      ...{ start: below.at.zoneHome, now: NOON, servers: SERVERS, whens: AFTER, work: request },
      check: async (ctx, zoneHome) => {
        if ((await states(ctx)).length === 1) await request(ctx);
        expect(await states(ctx)).toEqual(['done', 'csr-generated']);
        expect(await ctx.vault.list(home(zoneHome))).toEqual([1, 2]);
        expect(await activeGeneration(ctx)).toBe(1);
      },
    });
    expect(effects).toBeGreaterThan(5);
    await crashEverywhere({
      ...{ start: next.at.zoneHome, now: NOON, servers: SERVERS, whens: AFTER, work: withdraw },
      check: async (ctx, zoneHome) => {
        await withdraw(ctx);
        expect(await states(ctx)).toEqual(['done', 'cancelled']);
        expect(await ctx.vault.list(home(zoneHome))).toContain(1);
      },
    });
  }, 300_000);

  test('dies at no effect of the import of its certificate', async () => {
    const { effects } = await crashEverywhere({
      ...{ start: next.at.zoneHome, now: NOON, servers: SERVERS, whens: AFTER },
      work: (ctx) => takeAuthority(ctx, renewed),
      check: async (ctx) => {
        if ((await activeGeneration(ctx)) === 1) await takeAuthority(ctx, renewed);
        expect(await activeGeneration(ctx)).toBe(2);
        expect((await ctx.store.operations()).at(-1)?.phase).toBe('active');
        expect(await ctx.store.anchors()).toHaveLength(2);
      },
    });
    expect(effects).toBeGreaterThan(40);
  }, 600_000);
});

describe('a zone under a company root', () => {
  test('dies at no effect of its init', async () => {
    const effects = await init(join(temporaryFolder(), 'zone'));
    expect(effects.length).toBeGreaterThan(10);
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const zoneHome = join(temporaryFolder(), 'zone');
        await init(zoneHome, { at, when });
        await recover(zoneHome);
      }
    }
  }, 300_000);

  test('dies at no effect of the import of its certificate', async () => {
    const { effects } = await crashEverywhere({
      start: waiting.at.zoneHome,
      now: NOON,
      servers: [],
      whens: AFTER,
      work: (ctx) => takeAuthority(ctx, signed),
      check: finishImport,
    });
    expect(effects).toBeGreaterThan(30);
  }, 600_000);
});
