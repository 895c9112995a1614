import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { FileTrustFiles } from '../../src/adapters/fs/trust-files.js';
import { createNodeZoneFs, type ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import { NssTrustStore } from '../../src/adapters/system/nss-trust-store.js';
import { SystemTrustStore } from '../../src/adapters/system/system-trust-store.js';
import { executeAddAnchors, planAddAnchors } from '../../src/operations/add-anchors.js';
import { executeInstall, planInstall } from '../../src/operations/install-trust.js';
import { executeMerge, planMerge } from '../../src/operations/merge-trust.js';
import { executeRemoveAnchors, planRemoveAnchors } from '../../src/operations/remove-anchors.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { OutsideStore } from '../../src/ports/outside-store.js';
import { crashEverywhere, type CrashScenario } from '../support/crash-loop.js';
import { FaultLine, type CrashPoint } from '../support/fault-line.js';
import { atEveryEffect, SimulatedCrash } from '../support/faulty-zone-fs.js';
import type { TestIdentity } from '../support/issue-for-test.js';
import { itemsOf, partnerRoot, pemOf } from '../support/partner-root.js';
import { scratchSystem } from '../support/scratch-system.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone } from '../support/test-zone.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const SERVERS = ['ca1', 'web1'];
const whenNss = requireTool('certutil') ? test : test.skip;
const whenSystem = requireTool('update-ca-certificates') ? test : test.skip;

let fresh = '';
let trusting = '';
let partner: TestIdentity;
let other: TestIdentity;

beforeAll(async () => {
  partner = await partnerRoot();
  other = await partnerRoot('Other Root');
  fresh = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: fresh, now: NOON }, [
    { name: 'web1', dnsName: 'web1.example.com' },
  ]);
  trusting = join(temporaryFolder(), 'zone');
  cpSync(fresh, trusting, { recursive: true, verbatimSymlinks: true });
  const ctx = await openTestZone({ zoneHome: trusting, now: NOON });
  await add(ctx, partner);
  ctx.store.close();
});

async function add(ctx: OperationContext, root: TestIdentity): Promise<void> {
  const items = itemsOf(root.certificate);
  const request = { items, where: 'file.pem', alias: 'partner', replace: true };
  await executeAddAnchors(ctx, await planAddAnchors(ctx, request, NOON));
}

/** After recovery `cacerts.pem` is what is recorded, before the change or after it. */
function scenario(
  start: string,
  work: (ctx: OperationContext) => Promise<void>,
  allowed: readonly (readonly TestIdentity[])[],
): CrashScenario {
  return {
    start,
    now: NOON,
    servers: SERVERS,
    work,
    check: async (ctx, zoneHome) => {
      const recorded = (await ctx.store.anchors())
        .filter(({ source }) => source === 'external')
        .map(({ certificate }) => certificate);
      const wanted = allowed.map((roots) =>
        roots.map(({ certificate }) => ctx.digest.sha256(certificate.der)),
      );
      expect(wanted).toContainEqual(recorded);
      const published = readFileSync(join(zoneHome, 'truststore/cacerts.pem'), 'utf8');
      for (const root of [partner, other]) {
        const isRecorded = recorded.includes(ctx.digest.sha256(root.certificate.der));
        expect(published.includes(pemOf(root.certificate))).toBe(isRecorded);
      }
      expect(await ctx.store.damage()).toEqual([]);
    },
  };
}

describe('a crash before and after every effect, then one recovery (I-11, I-15, I-25)', () => {
  test('of adding a root', async () => {
    const count = await crashEverywhere(
      scenario(fresh, (ctx) => add(ctx, partner), [[], [partner]]),
    );
    expect(count.effects).toBeGreaterThan(3);
  }, 120_000);

  test('of replacing a root: never both, never none', async () => {
    const count = await crashEverywhere(
      scenario(trusting, (ctx) => add(ctx, other), [[partner], [other]]),
    );
    expect(count.effects).toBeGreaterThan(3);
  }, 120_000);

  test('of removing a root', async () => {
    const remove = async (ctx: OperationContext): Promise<void> =>
      executeRemoveAnchors(ctx, await planRemoveAnchors(ctx, ['partner'], NOON));
    const count = await crashEverywhere(scenario(trusting, remove, [[partner], []]));
    expect(count.effects).toBeGreaterThan(3);
  }, 120_000);
});

describe('a merge that dies or fails at every effect', () => {
  async function merge(folder: string, fs: ZoneFs): Promise<void> {
    const ctx = { files: new FileTrustFiles(fs), digest: createNodeDigest() };
    const at = (name: string): string => join(folder, name);
    const request = {
      sources: [at('one.pem'), at('two.pem')],
      policy: undefined,
      out: at('merged.pem'),
      allowMissing: false,
      now: NOON,
    };
    await executeMerge(ctx, await planMerge(ctx, request));
  }

  test('leaves the old file or the new one, and the next run ends it', async () => {
    const real = createNodeZoneFs();
    const expected = temporaryFolder();
    const lay = async (folder: string): Promise<string> => {
      writeFileSync(join(folder, 'one.pem'), pemOf(partner.certificate));
      writeFileSync(join(folder, 'two.pem'), pemOf(partner.certificate));
      await merge(folder, real);
      writeFileSync(join(folder, 'two.pem'), pemOf(other.certificate));
      return readFileSync(join(folder, 'merged.pem'), 'utf8');
    };
    const before = await lay(expected);
    await merge(expected, real);
    const after = readFileSync(join(expected, 'merged.pem'), 'utf8');
    expect(after).not.toBe(before);
    const rounds = await atEveryEffect<string>({
      real,
      error: new Error('the disk is full'),
      start: async () => {
        const folder = temporaryFolder();
        await lay(folder);
        return folder;
      },
      work: merge,
      check: async (folder, outcome) => {
        const seen = readFileSync(join(folder, 'merged.pem'), 'utf8');
        expect([before, after]).toContain(seen);
        if (outcome === 'done') expect(seen).toBe(after);
        await merge(folder, real);
        expect(readFileSync(join(folder, 'merged.pem'), 'utf8')).toBe(after);
        expect(statSync(join(folder, 'merged.pem')).mode & 0o777).toBe(0o644);
        expect(readdirSync(folder).sort()).toEqual(['merged.pem', 'one.pem', 'two.pem']);
      },
    });
    expect(rounds).toBeGreaterThan(9);
  });
});

describe("roots on their way into the system's store", () => {
  const scratchRoot = (): string => scratchSystem(pemOf(other.certificate));

  function storeIn(root: string, faults: FaultLine): OutsideStore {
    const fs = faults.wrap<ZoneFs>('fs', createNodeZoneFs(), [
      'writeNew',
      'rename',
      'removeFile',
      'syncFolder',
    ]);
    const store: OutsideStore = new SystemTrustStore(fs, new FileTrustFiles(fs), root);
    return faults.wrap<OutsideStore>('store', store, ['refresh']);
  }

  async function install(root: string, undo: boolean, faults: FaultLine): Promise<void> {
    const ctx = await openTestZone({ zoneHome: trusting, now: NOON });
    try {
      const store = storeIn(root, faults);
      const plan = await planInstall(ctx, { kind: 'system', store, undo }, NOON);
      if (plan !== undefined) await executeInstall(ctx, store, plan);
    } finally {
      ctx.store.close();
    }
  }

  const bundle = (root: string): string => {
    const path = join(root, 'etc/ssl/certs/ca-certificates.crt');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };

  async function dieAt(root: string, undo: boolean, point: CrashPoint): Promise<void> {
    const run = install(root, undo, new FaultLine(point));
    await expect(run).rejects.toThrow(SimulatedCrash);
  }

  whenSystem(
    'the same command, or its undoing, ends what a crash has begun',
    async () => {
      const counting = new FaultLine();
      await install(scratchRoot(), false, counting);
      expect(counting.log.length).toBeGreaterThan(6);
      for (let at = 1; at <= counting.log.length; at += 1) {
        for (const when of ['before', 'after'] as const) {
          const root = scratchRoot();
          await dieAt(root, false, { at, when });
          await install(root, false, new FaultLine());
          expect(bundle(root)).toContain(pemOf(partner.certificate));
          const back = scratchRoot();
          await dieAt(back, false, { at, when });
          await install(back, true, new FaultLine());
          expect(bundle(back)).not.toContain(pemOf(partner.certificate));
          const files = readdirSync(join(back, 'usr/local/share/ca-certificates'));
          expect(files.filter((name) => name.endsWith('.crt'))).toEqual([]);
        }
      }
    },
    240_000,
  );

  whenSystem(
    'an undoing that dies is ended by the next one, and what others put there stays',
    async () => {
      const start = scratchRoot();
      await install(start, false, new FaultLine());
      const counting = new FaultLine();
      const copy = (): string => {
        const root = scratchRoot();
        cpSync(join(start, 'usr/local'), join(root, 'usr/local'), { recursive: true });
        return root;
      };
      const first = copy();
      await install(first, false, new FaultLine());
      await install(first, true, counting);
      expect(bundle(first)).toBe(pemOf(other.certificate));
      for (let at = 1; at <= counting.log.length; at += 1) {
        const root = copy();
        await install(root, false, new FaultLine());
        await dieAt(root, true, { at, when: 'before' });
        await install(root, true, new FaultLine());
        expect(bundle(root)).toBe(pemOf(other.certificate));
        const links = readdirSync(join(root, 'etc/ssl/certs'));
        expect(links.filter((name) => name.startsWith('zmint-'))).toEqual([]);
      }
    },
    240_000,
  );
});

describe('roots on their way into an NSS database', () => {
  function database(): string {
    const folder = temporaryFolder();
    const args = ['-N', '-d', `sql:${folder}`, '--empty-password'];
    execFileSync('certutil', args, { env: toolEnvironment(), stdio: 'pipe' });
    return folder;
  }

  async function install(folder: string, undo: boolean, faults: FaultLine): Promise<number> {
    const ctx = await openTestZone({ zoneHome: trusting, now: NOON });
    try {
      const real: OutsideStore = new NssTrustStore(folder, undefined);
      const store = faults.wrap<OutsideStore>('store', real, ['add', 'remove', 'refresh']);
      const plan = await planInstall(ctx, { kind: 'nss', store, undo }, NOON);
      if (plan !== undefined) await executeInstall(ctx, store, plan);
      return (await real.list('zmint-')).filter(({ der }) => der !== null).length;
    } finally {
      ctx.store.close();
    }
  }

  whenNss(
    'the same command, or its undoing, ends what a crash has begun',
    async () => {
      const counting = new FaultLine();
      expect(await install(database(), false, counting)).toBe(2);
      for (let at = 1; at <= counting.log.length; at += 1) {
        for (const when of ['before', 'after'] as const) {
          const folder = database();
          const run = install(folder, false, new FaultLine({ at, when }));
          await expect(run).rejects.toThrow(SimulatedCrash);
          expect(await install(folder, false, new FaultLine())).toBe(2);
          const undoing = install(folder, true, new FaultLine({ at, when }));
          await expect(undoing).rejects.toThrow(SimulatedCrash);
          expect(await install(folder, true, new FaultLine())).toBe(0);
        }
      }
    },
    240_000,
  );
});
