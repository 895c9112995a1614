import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createFormatContext } from '../../bin/format-context.js';
import {
  executeExternalInit,
  planExternalInit,
  type ExternalInitPlan,
} from '../../src/operations/init-external-zone.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { ZmintError } from '../../src/errors.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { FaultLine, type CrashPoint } from '../support/fault-line.js';
import { SimulatedCrash } from '../support/faulty-zone-fs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NOON, openTestZone } from '../support/test-zone.js';

let ca: ExternalCa;
let plan: ExternalInitPlan;

beforeAll(async () => {
  ca = makeExternalCa();
  plan = await planExternalInit(
    createFormatContext(),
    {
      name: 'Example',
      server: { name: 'web1', dnsName: 'web1.example.com' },
      keySpec: 'ec:P-256',
      chain: {
        name: 'chain.pem',
        bytes: new TextEncoder().encode(ca.root + ca.intermediate),
        passphrases: [],
      },
    },
    NOON,
  );
});

/** Makes the zone and dies there; returns the effects until then. */
async function init(zoneHome: string, point?: CrashPoint): Promise<readonly string[]> {
  const faults = new FaultLine(point);
  const ctx = await openTestZone({ zoneHome, now: NOON, faults }, 'create');
  try {
    await executeExternalInit(ctx, plan);
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
  expect(await ctx.store.zone()).toMatchObject({ name: 'Example', custody: 'external' });
  expect(await ctx.store.members()).toHaveLength(1);
  expect(await ctx.store.anchors()).toHaveLength(1);
  expect(await ctx.store.certificates({ purpose: 'ca' })).toHaveLength(2);
  ctx.store.close();
  const trust = readFileSync(join(zoneHome, 'truststore/cacerts.pem'), 'latin1');
  expect(trust.replaceAll('\r', '')).toContain(ca.root.trim().slice(30, 300));
}

describe('init --ca external dies at no effect', () => {
  test('typed again there is one whole zone', async () => {
    const effects = await init(join(temporaryFolder(), 'zone'));
    expect(effects.length).toBeGreaterThan(10);
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const zoneHome = join(temporaryFolder(), 'zone');
        await init(zoneHome, { at, when });
        await recover(zoneHome);
      }
    }
  }, 120_000);
});
