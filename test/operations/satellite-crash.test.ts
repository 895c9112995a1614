import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createContainerCrypto } from '../../src/adapters/crypto/container-crypto.js';
import { ZmintError } from '../../src/errors.js';
import { examineZone } from '../../src/operations/examine-zone.js';
import { finishPlacedSets } from '../../src/operations/finish-placed-sets.js';
import { readImportMaterial } from '../../src/operations/import-material.js';
import { placeSatelliteSet } from '../../src/operations/place-satellite-set.js';
import { planSatelliteSet, type SetSource } from '../../src/operations/plan-satellite-set.js';
import type { KeystoreWish } from '../../src/operations/choose-keystore.js';
import { readContainer } from '../../src/operations/read-container.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { crashEverywhere, crashTwice, type CrashScenario } from '../support/crash-loop.js';
import { makePlacedPki } from '../support/placed-pki.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const PASSWORD = new TextEncoder().encode('changeit');
const JKS: KeystoreWish = { format: 'jks', alias: undefined, passphrase: PASSWORD };
const AS_IT_IS: KeystoreWish = { format: undefined, alias: undefined, passphrase: undefined };

let start = '';
let source: SetSource = { from: 'live' };

/** A zone with a satellite that has a JKS, and a certificate for it from elsewhere under its root. */
beforeAll(async () => {
  const zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: NOON }, [
    { name: 'sat1', dnsName: 'sat1.example.com', kind: 'satellite', reload: 'true' },
  ]);
  const ctx = await openTestZone({ zoneHome, now: NOON });
  await place(ctx, { from: 'live' }, JKS);
  ctx.store.close();
  const set = makePlacedPki(zoneHome, NOON).leaf({ dnsName: 'sat1.example.com' });
  const file = (name: string, bytes: Uint8Array) => ({ name, bytes });
  const material = await readImportMaterial(
    { containers: createContainerCrypto() },
    {
      kind: 'files',
      key: file('sat1.key', set.key),
      certificate: file('sat1.pem', new TextEncoder().encode(set.certificates.join(''))),
      authorities: [],
      passphrases: [],
    },
  );
  source = { from: 'given', material };
  start = zoneHome;
});

async function place(
  ctx: OperationContext,
  from: SetSource,
  keystore: KeystoreWish,
): Promise<unknown> {
  const request = { satellite: 'sat1', source: from, keystore, reconfigure: true };
  return placeSatelliteSet(ctx, await planSatelliteSet(ctx, request, NOON));
}

/** The certificate in the keystore is the one in the PEM file, and both are what is recorded. */
async function expectOneSet(ctx: OperationContext, zoneHome: string): Promise<string> {
  const home = join(zoneHome, 'servers/sat1');
  const seen = checkHome(home, new Date(NOON * 1000));
  const { items } = await readContainer(ctx, {
    bytes: readFileSync(join(home, 'security/live/server.jks')),
    name: 'server.jks',
    passphrases: [readFileSync(join(home, 'security/live/keystore.pass'))],
  });
  const kinds = items.map((item) => item.kind);
  expect(kinds).toEqual(['key', 'certificate', 'certificate']);
  const [own] = items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate] : []));
  expect(ctx.digest.sha256(own?.der ?? new Uint8Array())).toBe(seen.leaf);
  const member = (await ctx.store.members()).find(({ name }) => name === 'sat1');
  const sets = await ctx.store.sets(member?.id);
  const live = sets.filter((set) => set.memberId === member?.id && set.state === 'live');
  expect(live.map((set) => set.leaf)).toEqual([seen.leaf]);
  expect(sets.filter((set) => set.state === 'ready')).toEqual([]);
  const current = await ctx.store.certificates({
    purpose: 'server',
    states: ['current'],
    ...(member === undefined ? {} : { memberId: member.id }),
  });
  expect(current.map((record) => record.fingerprint)).toEqual([seen.leaf]);
  return seen.leaf;
}

function scenario(work: CrashScenario['work']): CrashScenario {
  return {
    start,
    now: NOON,
    servers: ['ca1', 'sat1'],
    work,
    check: async (ctx, zoneHome) => {
      await expectOneSet(ctx, zoneHome);
    },
  };
}

describe('a crash before and after every effect, then one recovery (I-1, I-2, I-11)', () => {
  test('of the import of a satellite with a keystore', async () => {
    const count = await crashEverywhere(scenario((ctx) => place(ctx, source, AS_IT_IS)));
    expect(count.effects).toBeGreaterThan(12);
  }, 300_000);

  test('of a reconfiguration', async () => {
    const count = await crashEverywhere(scenario((ctx) => place(ctx, { from: 'live' }, AS_IT_IS)));
    expect(count.effects).toBeGreaterThan(12);
  }, 300_000);

  test('with a second death in the recovery', async () => {
    const count = await crashTwice(
      scenario((ctx) => place(ctx, source, AS_IT_IS)),
      3,
    );
    expect(count.rounds).toBeGreaterThan(10);
  }, 300_000);

  test('of an import that the server refuses', async () => {
    const deaf = { exitCode: 1, timedOut: false, output: '' };
    const count = await crashEverywhere(
      scenario(async (ctx) => {
        const services = { reload: () => Promise.resolve(deaf) };
        try {
          await place({ ...ctx, services }, source, AS_IT_IS);
        } catch (error) {
          if (!(error instanceof ZmintError) || error.code !== 'reload-failed') throw error;
        }
      }),
    );
    expect(count.effects).toBeGreaterThan(12);
  }, 300_000);
});

/** The port with one verb that dies. */
function dying<T extends object>(port: T, verb: keyof T, lives = 0): T {
  let left = lives;
  return new Proxy(port, {
    get: (target, key): unknown => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...words: unknown[]): unknown => {
        if (key === verb && left === 0) return Promise.reject(new Error('died'));
        if (key === verb) left -= 1;
        return (value as (...given: unknown[]) => unknown).apply(target, words);
      };
    },
  });
}

describe('what a crash has left', () => {
  test('behind the rename is seen by doctor, which names the command that ends it', async () => {
    const zoneHome = join(temporaryFolder(), 'zone');
    cpSync(start, zoneHome, { recursive: true, verbatimSymlinks: true });
    const ctx = await openTestZone({ zoneHome, now: NOON });
    const before = await expectOneSet(ctx, zoneHome);
    const dead = { ...ctx, store: dying(ctx.store, 'commit', 1) };
    await expect(place(dead, source, AS_IT_IS)).rejects.toThrow('died');
    const [finding] = (await examineZone(ctx, undefined, NOON)).filter(({ message }) =>
      message.includes('security/live of sat1'),
    );
    expect(finding?.mend).toBe('zmint ssl resume');
    await resumeOperations(ctx, NOON);
    expect(await expectOneSet(ctx, zoneHome)).not.toBe(before);
    ctx.store.close();
  });

  test('is overtaken by another import, and gone after once', async () => {
    const zoneHome = join(temporaryFolder(), 'zone');
    cpSync(start, zoneHome, { recursive: true, verbatimSymlinks: true });
    const ctx = await openTestZone({ zoneHome, now: NOON });
    const before = await expectOneSet(ctx, zoneHome);
    const dead = { ...ctx, homes: dying(ctx.homes, 'switchLive') };
    await expect(place(dead, source, AS_IT_IS)).rejects.toThrow('died');
    await place(ctx, { from: 'live' }, AS_IT_IS);
    expect(await expectOneSet(ctx, zoneHome)).toBe(before);
    await finishPlacedSets(ctx, NOON);
    expect(await expectOneSet(ctx, zoneHome)).toBe(before);
    ctx.store.close();
  });

  test('a set that came later wins over one that a crash has left', async () => {
    const zoneHome = join(temporaryFolder(), 'zone');
    cpSync(start, zoneHome, { recursive: true, verbatimSymlinks: true });
    const ctx = await openTestZone({ zoneHome, now: NOON });
    const sat = (await ctx.store.members()).find(({ name }) => name === 'sat1');
    await remint(ctx, { servers: ['sat1'] });
    const sets = await ctx.store.sets(sat?.id);
    const left = sets.find(({ state }) => state === 'previous');
    expect(left).toBeDefined();
    if (left === undefined) return;
    const entry = { at: NOON, actor: 'tester', what: 'test', operationId: null, details: {} };
    await ctx.store.commit(entry, [
      { type: 'put-sets', sets: [{ ...left, purpose: 'placed', state: 'ready' }] },
    ]);
    await finishPlacedSets(ctx, NOON);
    const after = await ctx.store.sets(sat?.id);
    expect(after.find(({ number }) => number === left.number)?.state).toBe('discarded');
    expect((await ctx.homes.observe(join(zoneHome, 'servers/sat1'))).live).not.toBe(left.number);
    ctx.store.close();
  });
});
