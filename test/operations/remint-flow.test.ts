import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import { HOUR } from '../../src/zone/instant.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { checkHome, opensslAccepts, picture } from '../support/zone-fsck.js';

const SERVERS = [
  { name: 'web1', dnsName: 'web1.example.com', additionalDnsNames: ['www.example.com'] },
  { name: 'web2', dnsName: 'web2.example.com', kind: 'satellite' },
];
const NAMES = ['ca1', 'web1', 'web2'];

function world(): TestWorld {
  return { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
}

function homeOf(at: TestWorld, name: string): string {
  return join(at.zoneHome, 'servers', name);
}

function seen(at: TestWorld): Record<string, ReturnType<typeof checkHome>> {
  return Object.fromEntries(
    NAMES.map((name) => [name, checkHome(homeOf(at, name), new Date(at.now * 1000))]),
  );
}

function livePem(at: TestWorld, name: string, file = 'server.cer'): string {
  return readFileSync(join(homeOf(at, name), 'security/live', file), 'latin1');
}

type Seen = ReturnType<typeof seen>;

function leaves(servers: Seen): readonly string[] {
  return Object.values(servers).map((server) => server.leaf);
}

function sizes(servers: Seen): readonly { chain: number; trust: number }[] {
  return Object.values(servers).map(({ chain, trust }) => ({
    chain: chain.length,
    trust: trust.length,
  }));
}

/** Servers that a client with only one of these roots does not accept. */
function refusals(at: TestWorld, roots: readonly string[]): readonly string[] {
  const now = new Date(at.now * 1000);
  return NAMES.filter((name) =>
    roots.some((root) => !opensslAccepts([root], livePem(at, name), temporaryFolder(), now)),
  );
}

describe('a CA remint', () => {
  test('stages, activates, and both roots accept every server all the time', async () => {
    const at = world();
    await makeTestZone(at, SERVERS);
    const oldRoot = readFileSync(join(at.zoneHome, 'truststore/cacerts.pem'), 'latin1');
    const before = seen(at);
    const ctx = await openTestZone(at);
    const report = await remint(ctx, {
      ca: true,
      activateAt: { when: 'at', instant: NOON + 24 * HOUR },
    });
    expect(report.operation.phase).toBe('armed');
    const staged = seen(at);
    expect(leaves(staged)).toEqual(leaves(before));
    expect(sizes(staged)).toEqual(NAMES.map(() => ({ chain: 1, trust: 2 })));
    const bundle = readFileSync(join(at.zoneHome, 'truststore/cacerts.pem'), 'latin1');
    expect(bundle.startsWith(oldRoot)).toBe(true);
    const newRoot = bundle.slice(oldRoot.length);
    const both = (): void => {
      expect(refusals(at, [oldRoot, newRoot])).toEqual([]);
    };
    both();
    at.now += 23 * HOUR;
    expect((await resumeOperations(ctx, at.now))[0]?.halt.why).toBe('waiting');
    at.now += HOUR;
    const [resumed] = await resumeOperations(ctx, at.now);
    expect(resumed?.report.operation.phase).toBe('active');
    const active = seen(at);
    expect(leaves(active).filter((leaf) => leaves(before).includes(leaf))).toEqual([]);
    both();
    expect((await ctx.store.authorities()).map((one) => one.state)).toEqual(['retiring', 'active']);

    await executeRollback(ctx, await planRollback(ctx, { members: [] }, at.now));
    expect(seen(at)).toEqual(staged);
    both();
    expect((await ctx.store.authorities()).map((one) => one.state)).toEqual(['active', 'future']);
    expect((await resumeOperations(ctx, at.now))[0]?.halt.why).toBe('waiting');

    await executeActivation(ctx, await planActivation(ctx, { members: [], atOnce: false }, at.now));
    expect(seen(at)).toEqual(active);
    await executeRetire(ctx, await planRetire(ctx, at.now));
    const retired = seen(at);
    expect(leaves(retired)).toEqual(leaves(active));
    expect(sizes(retired)).toEqual(NAMES.map(() => ({ chain: 0, trust: 1 })));
    expect(readFileSync(join(at.zoneHome, 'truststore/cacerts.pem'), 'latin1')).toBe(newRoot);
    expect(await ctx.store.damage()).toEqual([]);
    ctx.store.close();
  });

  test('is cancelled back to the byte', async () => {
    const at = world();
    await makeTestZone(at, SERVERS);
    const before = NAMES.map((name) => picture(homeOf(at, name)));
    const trust = picture(join(at.zoneHome, 'truststore'));
    const ctx = await openTestZone(at);
    await remint(ctx, { ca: true, activateAt: { when: 'at', instant: NOON + HOUR } });
    const late = NOON + HOUR - 500;
    await expect(planCancel(ctx, { members: [] }, late)).rejects.toMatchObject({
      code: 'too-late',
    });
    const report = await executeCancel(ctx, await planCancel(ctx, { members: [] }, NOON));
    expect(report.operation.phase).toBe('cancelled');
    expect(NAMES.map((name) => picture(homeOf(at, name)))).toEqual(before);
    expect(picture(join(at.zoneHome, 'truststore'))).toEqual(trust);
    expect((await ctx.store.authorities()).map((one) => one.state)).toEqual([
      'active',
      'cancelled',
    ]);
    ctx.store.close();
  });

  test('refuses server remints while it runs, and a second one until it is retired', async () => {
    const at = world();
    await makeTestZone(at, SERVERS);
    const ctx = await openTestZone(at);
    await remint(ctx, { ca: true, activateAt: { when: 'at', instant: NOON + HOUR } });
    await expect(remint(ctx, { servers: ['web1'] })).rejects.toMatchObject({
      code: 'operation-pending',
    });
    at.now += HOUR;
    await resumeOperations(ctx, at.now);
    await expect(remint(ctx, { ca: true })).rejects.toMatchObject({ code: 'operation-pending' });
    const single = await remint(ctx, { servers: ['web1'] });
    expect(single.operation.phase).toBe('done');
    expect(seen(at).web1?.chain).toHaveLength(1);
    ctx.store.close();
  });

  test.each([
    ['with its key kept', { keepKey: true }, 0, 2],
    ['compromised', { compromised: true }, 0, 1],
  ] as const)('%s', async (_name, options, chain, trust) => {
    const at = world();
    await makeTestZone(at, SERVERS);
    const before = seen(at);
    const ctx = await openTestZone(at);
    const report = await remint(ctx, { ca: true, ...options });
    expect(report.operation.phase).toBe(trust === 1 ? 'done' : 'active');
    for (const name of NAMES) {
      expect(seen(at)[name]?.leaf).not.toBe(before[name]?.leaf);
      expect(seen(at)[name]?.chain).toHaveLength(chain);
      expect(seen(at)[name]?.trust).toHaveLength(trust);
    }
    ctx.store.close();
  });

  test('is Immediate when the CA and the servers have expired', async () => {
    const at = world();
    await makeTestZone(at, SERVERS);
    at.now += 6 * 366 * 24 * HOUR;
    const ctx = await openTestZone(at);
    await expect(remint(ctx, { all: true })).rejects.toMatchObject({ code: 'not-valid-then' });
    const report = await remint(ctx, {
      ca: true,
      activateAt: { when: 'at', instant: at.now + HOUR },
    });
    expect(report.operation.activation).toEqual({ when: 'at', instant: at.now });
    expect(report.operation.phase).toBe('active');
    seen(at);
    ctx.store.close();
  });
});

describe('a server remint', () => {
  test('replaces what is due and can be rolled back', async () => {
    const at = world();
    await makeTestZone(at, SERVERS);
    const before = seen(at);
    const ctx = await openTestZone(at);
    const report = await remint(ctx, { servers: ['web1'] });
    expect(report.operation.phase).toBe('done');
    const after = seen(at);
    expect(after.web1?.leaf).not.toBe(before.web1?.leaf);
    expect(after.web2).toEqual(before.web2);
    expect(picture(join(homeOf(at, 'web1'), 'remint-repo')).size).toBe(0);
    await executeRollback(ctx, await planRollback(ctx, { members: ['web1'] }, at.now));
    expect(seen(at)).toEqual(before);
    expect(picture(join(homeOf(at, 'web1'), 'remint-repo')).size).toBe(3);
    await executeCancel(ctx, await planCancel(ctx, { members: ['web1'] }, at.now));
    expect(picture(join(homeOf(at, 'web1'), 'remint-repo')).size).toBe(0);
    expect(seen(at)).toEqual(before);
    ctx.store.close();
  });

  test('takes a set that a person placed into the remint-repo', async () => {
    const at = world();
    await makeTestZone(at, SERVERS);
    const ctx = await openTestZone(at);
    await remint(ctx, { servers: ['web1'], activateAt: { when: 'at', instant: NOON + HOUR } });
    const repo = join(homeOf(at, 'web1'), 'remint-repo');
    const saved = ['server.cer', 'key.der'].map(
      (name) => [name, readFileSync(join(repo, name))] as const,
    );
    await executeCancel(ctx, await planCancel(ctx, { members: [] }, at.now));
    for (const [name, bytes] of saved) writeFileSync(join(repo, name), bytes, { mode: 0o600 });
    await expect(remint(ctx, { servers: ['web1'] })).rejects.toMatchObject({ code: 'policy' });
    ctx.store.close();
  }, 30_000);
});
