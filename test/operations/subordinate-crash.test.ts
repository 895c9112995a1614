import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createFormatContext } from '../../bin/format-context.js';
import { executeAuthorityImport } from '../../src/operations/execute-authority-import.js';
import {
  executeSubordinateInit,
  planSubordinateInit,
} from '../../src/operations/init-subordinate-zone.js';
import { planAuthorityImport } from '../../src/operations/plan-authority-import.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { ZmintError } from '../../src/errors.js';
import { crashEverywhere } from '../support/crash-loop.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { FaultLine, type CrashPoint } from '../support/fault-line.js';
import { SimulatedCrash } from '../support/faulty-zone-fs.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NOON, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

let company: ExternalCa;
let waiting: SubordinateWorld;
let signed: Uint8Array;

beforeAll(async () => {
  company = makeExternalCa();
  waiting = await subordinateWorld(company);
  signed = readFileSync(waiting.signed());
});

const PLAN = planSubordinateInit(
  {
    name: 'Example',
    server: { name: 'web1', dnsName: 'web1.example.com' },
    keySpec: 'ec:P-256',
    commonName: null,
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

async function importSigned(ctx: OperationContext): Promise<void> {
  const files = [{ name: 'ca.pem', bytes: signed, passphrases: [], server: null }];
  const plan = await planAuthorityImport(
    ctx,
    createFormatContext(),
    { files, activateAt: null },
    NOON,
  );
  if (plan !== undefined) await executeAuthorityImport(ctx, plan);
}

/** It was not taken, and is taken now; or it is the CA, and servers lack certificates at the most. */
async function finishImport(ctx: OperationContext, zoneHome: string): Promise<void> {
  const [authority] = await ctx.store.authorities();
  if (authority === undefined) {
    await importSigned(ctx);
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
      work: importSigned,
      check: finishImport,
    });
    expect(effects).toBeGreaterThan(30);
  }, 600_000);
});
