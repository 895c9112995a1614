import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createFormatContext } from '../../bin/format-context.js';
import { ZmintError } from '../../src/errors.js';
import { executeImport } from '../../src/operations/execute-import.js';
import type { ImportRequest } from '../../src/operations/import-plan.js';
import { planImport } from '../../src/operations/plan-import.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { crashEverywhere, crashTwice, type CrashScenario } from '../support/crash-loop.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld } from '../support/import-world.js';
import { NOON, openTestZone } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';

const SERVERS = ['web1', 'web2'];

let ca: ExternalCa;
let start = '';
let second: readonly Uint8Array[] = [];

/** A zone in which both servers serve imported certificates, and the CA has signed the next requests. */
beforeAll(async () => {
  ca = makeExternalCa();
  const world = await importWorld(ca);
  for (const server of SERVERS) world.signed(server);
  await world.at.given([
    'zmint ssl import web1.cer web2.cer --yes',
    'zmint generate-csr --all --out . --yes',
  ]);
  second = SERVERS.map((server) => readFileSync(world.signed(server, {}, `${server}-2.cer`)));
  start = world.at.zoneHome;
});

function request(changes: Partial<ImportRequest> = {}): ImportRequest {
  const files = second.map((bytes, index) => ({
    name: `${index}`,
    bytes,
    passphrases: [],
    server: null,
  }));
  return { files, activateAt: { when: 'ready' }, put: false, force: false, ...changes };
}

async function importAll(ctx: OperationContext, changes?: Partial<ImportRequest>): Promise<void> {
  const plan = await planImport(ctx, createFormatContext(), request(changes), NOON);
  if (plan.sets.length > 0) await executeImport(ctx, plan);
}

function leaves(zoneHome: string): readonly string[] {
  return SERVERS.map(
    (name) => checkHome(join(zoneHome, 'servers', name), new Date(NOON * 1000)).leaf,
  );
}

/** After recovery the import has been done for both servers or for none; typed again it is done. */
function scenario(changes?: Partial<ImportRequest>): CrashScenario {
  return {
    start,
    now: NOON,
    servers: SERVERS,
    placed: true,
    work: (ctx) => importAll(ctx, changes),
    check: async (ctx, zoneHome) => {
      const before = leaves(start);
      const changed = leaves(zoneHome).filter((leaf, index) => leaf !== before[index]);
      expect([0, SERVERS.length]).toContain(changed.length);
      await importAll(ctx, changes);
      await resumeOperations(ctx, NOON);
      const after = leaves(zoneHome).filter((leaf, index) => leaf !== before[index]);
      expect(after).toHaveLength(SERVERS.length);
      const open = (await ctx.store.requests()).filter(({ state }) => state !== 'done');
      expect(open).toEqual([]);
      for (const name of SERVERS) {
        const home = join(zoneHome, 'servers', name);
        expect((await ctx.homes.readRepo(home)).key).toBeUndefined();
        expect(await ctx.homes.readRequest(home, 2)).toBeUndefined();
      }
    },
  };
}

describe('an import dies at no effect', () => {
  test('before and after each: both servers or none, and typed again it is done', async () => {
    const { effects } = await crashEverywhere(scenario());
    expect(effects).toBeGreaterThan(60);
  }, 600_000);

  test('also while it recovers', async () => {
    expect((await crashTwice(scenario(), 41)).rounds).toBeGreaterThan(20);
  }, 600_000);

  test('sacert: the same, in the place of certificates that have not expired', async () => {
    const files = request().files.map((file, index) => ({
      ...file,
      server: SERVERS[index] ?? null,
    }));
    const { effects } = await crashEverywhere(
      scenario({ files, put: true, force: true, activateAt: { when: 'now' } }),
    );
    expect(effects).toBeGreaterThan(60);
  }, 600_000);

  test('a disk that refuses the second remint-repo leaves the first as it was', async () => {
    const world = await importWorld(ca);
    for (const server of SERVERS) world.signed(server);
    const zone = { zoneHome: world.at.zoneHome, now: NOON };
    const ctx = await openTestZone(zone);
    const { homes } = ctx;
    const full = new Proxy(homes, {
      get: (target, key) =>
        key === 'writeRepo'
          ? (home: string, files: Parameters<typeof homes.writeRepo>[1]) =>
              home.endsWith('web2')
                ? Promise.reject(new ZmintError('storage', 'no space'))
                : target.writeRepo(home, files)
          : (Reflect.get(target, key, target) as () => unknown).bind(target),
    });
    const files = SERVERS.map((server) => ({
      name: server,
      bytes: readFileSync(join(world.at.zoneHome, '..', `${server}.cer`)),
      passphrases: [],
      server: null,
    }));
    const failing = { ...ctx, homes: full };
    const plan = await planImport(failing, createFormatContext(), request({ files }), NOON);
    await expect(executeImport(failing, plan)).rejects.toMatchObject({ code: 'storage' });
    expect(await ctx.store.operations()).toEqual([]);
    const repo = await homes.readRepo(join(zone.zoneHome, 'servers/web1'));
    expect(repo).toMatchObject({ certificates: [], key: undefined });
    ctx.store.close();
  });
});
