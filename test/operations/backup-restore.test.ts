import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { examineZone } from '../../src/operations/examine-zone.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { Revocation } from '../../src/zone/revocation.js';
import { DAY } from '../../src/zone/instant.js';
import {
  backUp,
  CA_PASSPHRASE,
  pictureOf,
  restore,
  testCustody,
  testSecrets,
} from '../support/test-custody.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint } from '../support/test-zone.js';
import { entry } from '../support/zone-rows.js';
import { checkHome } from '../support/zone-fsck.js';

const SERVERS = ['ca1', 'web1', 'web2'];
const OTHERS = [
  { name: 'web1', dnsName: 'web1.example.com' },
  { name: 'web2', dnsName: 'web2.example.com', kind: 'satellite' },
];
const AT = new Date(NOON * 1000);

/** Made once: a zone, and a backup of it. */
let origin = '';
let backup = '';
/** A copy of the zone for each test, and an empty place. */
let zoneHome = '';
let elsewhere = '';

beforeAll(async () => {
  origin = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: origin, now: NOON, passphrase: CA_PASSPHRASE }, OTHERS);
  backup = join(temporaryFolder(), 'zone.age');
  await backUp({ zoneHome: origin, now: NOON }, backup);
});

beforeEach(() => {
  zoneHome = join(temporaryFolder(), 'zone');
  cpSync(origin, zoneHome, { recursive: true, verbatimSymlinks: true });
  elsewhere = join(temporaryFolder(), 'deep/other-zone');
  mkdirSync(dirname(elsewhere), { mode: 0o700 });
});

async function inZone<T>(home: string, work: (ctx: OperationContext) => Promise<T>): Promise<T> {
  const ctx = await openTestZone({ zoneHome: home, now: NOON, passphrase: CA_PASSPHRASE });
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

/** As an administrator does after the backup. */
async function revokeSomething({ store }: OperationContext): Promise<Revocation> {
  const [authority] = await store.authorities();
  const revoked: Revocation = {
    fingerprint: 'ab'.repeat(32),
    issuerSpkiSha256: authority?.spkiSha256 ?? '',
    serial: '1234',
    reason: 'key-compromise',
    revokedAt: NOON,
    invalidityDate: null,
    notAfter: NOON + DAY,
    listedIn: 7,
  };
  await store.commit(entry(), [{ type: 'put-revocations', revocations: [revoked] }]);
  return revoked;
}

async function factsOf(home: string): Promise<unknown> {
  const serials: string[] = [];
  for await (const page of testCustody(NOON).images.reservations(home))
    serials.push(...page.map(({ serial }) => serial));
  return inZone(home, async ({ store }) => ({
    serials,
    certificates: await store.certificates({}),
    anchors: await store.anchors(),
    sets: await store.sets(),
    requests: await store.requests(),
    operations: await store.operations(),
  }));
}

describe('a backup that is restored on another host is the zone (I-22)', () => {
  test('same fingerprints, same serial numbers, every server verifies, the log goes on', async () => {
    const report = await restore(NOON, { zoneHome: elsewhere, path: backup });
    expect(report).toEqual({ aside: null, outcome: 'restored', forgotten: [] });
    expect(await factsOf(elsewhere)).toEqual(await factsOf(zoneHome));
    for (const name of SERVERS) {
      const seen = checkHome(join(elsewhere, 'servers', name), AT);
      expect(seen).toEqual(checkHome(join(zoneHome, 'servers', name), AT));
    }
    await inZone(elsewhere, async (ctx) => {
      expect((await ctx.store.lastEvents(1))[0]?.what).toBe('zone-restored');
      const findings = await examineZone(ctx, undefined, NOON);
      expect(findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
    });
  });

  test('what is issued afterwards chains to the same root', async () => {
    await restore(NOON, { zoneHome: elsewhere, path: backup });
    const before = checkHome(join(elsewhere, 'servers/web1'), AT);
    await inZone(elsewhere, (ctx) => remint(ctx, { servers: ['web1'] }));
    const after = checkHome(join(elsewhere, 'servers/web1'), AT);
    expect(after.leaf).not.toBe(before.leaf);
    expect(after.trust).toEqual(before.trust);
  });

  test('another server gets the CA role and remints the CA', async () => {
    await restore(NOON, { zoneHome: elsewhere, path: backup, server: 'web1' });
    expect(existsSync(join(elsewhere, 'servers/web1/certificate-authority/1/key.enc'))).toBe(true);
    expect(existsSync(join(elsewhere, 'servers/ca1/certificate-authority'))).toBe(false);
    await inZone(elsewhere, async (ctx) => {
      const [web1] = await ctx.store.membersNamed(['web1']);
      expect((await ctx.store.zone()).caMemberId).toBe(web1?.id);
      await remint(ctx, { ca: true });
      expect((await ctx.store.authorities()).map(({ keyMemberId }) => keyMemberId)).toEqual([
        web1?.id,
        web1?.id,
      ]);
    });
  });

  test('an operation that was running goes on', async () => {
    const armed = join(dirname(backup), 'armed.age');
    const activateAt = { when: 'at', instant: NOON + DAY } as const;
    await inZone(zoneHome, (ctx) => remint(ctx, { ca: true, activateAt }));
    await backUp({ zoneHome, now: NOON }, armed);
    await restore(NOON, { zoneHome: elsewhere, path: armed });
    const ctx = await openTestZone({ zoneHome: elsewhere, now: NOON + DAY });
    await resumeOperations(ctx, NOON + DAY);
    expect((await ctx.store.operations()).at(-1)?.phase).toBe('active');
    ctx.store.close();
    const leaves = SERVERS.map((name) => checkHome(join(elsewhere, 'servers', name), AT).leaf);
    expect(new Set(leaves)).not.toContain(checkHome(join(origin, 'servers/web1'), AT).leaf);
  });

  test('homes outside of the zone home are not touched, and the CA key goes into one that is chosen', async () => {
    const home = join(temporaryFolder(), 'outside');
    const own = join(temporaryFolder(), 'zone');
    const server = { name: 'far', dnsName: 'far.example.com', home };
    await makeTestZone({ zoneHome: own, now: NOON }, [server]);
    const path = join(temporaryFolder(), 'far.age');
    await backUp({ zoneHome: own, now: NOON }, path);
    const before = pictureOf(home);
    await restore(NOON, { zoneHome: elsewhere, path });
    expect(pictureOf(home)).toEqual(before);
    rmSync(elsewhere, { recursive: true });
    await restore(NOON, { zoneHome: elsewhere, path, server: 'far' });
    expect(existsSync(join(home, 'certificate-authority/1/key.enc'))).toBe(true);
    await inZone(elsewhere, (ctx) => remint(ctx, { ca: true }));
    rmSync(elsewhere, { recursive: true });
    writeFileSync(join(home, 'certificate-authority/1/key.enc'), 'another');
    const again = restore(NOON, { zoneHome: elsewhere, path, server: 'far' });
    await expect(again).rejects.toMatchObject({ code: 'policy' });
    expect(existsSync(elsewhere)).toBe(false);
  });
});

test('the key of a later CA in a home outside of the zone home ends the restore', async () => {
  const home = join(temporaryFolder(), 'outside');
  const own = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: own, now: NOON }, [], 'ec:P-256', { home });
  const path = join(temporaryFolder(), 'early.age');
  await backUp({ zoneHome: own, now: NOON }, path);
  await inZone(own, (ctx) => remint(ctx, { ca: true }));
  const before = [pictureOf(home), pictureOf(own)];
  const refused = restore(NOON, { zoneHome: own, path, acceptOlder: true });
  const key = join(home, 'certificate-authority/2/key.enc');
  await expect(refused).rejects.toMatchObject({ code: 'policy', details: { path: key } });
  expect([pictureOf(home), pictureOf(own)]).toEqual(before);
});

describe('over a zone that is there', () => {
  const over = (given: object = {}, path = backup): Promise<unknown> =>
    restore(NOON, { zoneHome, path, ...given });

  test('it is set aside whole, and the same backup once more does nothing', async () => {
    const before = pictureOf(zoneHome);
    const report = await restore(NOON, { zoneHome, path: backup });
    expect(report.outcome).toBe('restored');
    expect(report.aside).toBe(`${zoneHome}.before-restore-20261121T120000Z`);
    expect(pictureOf(report.aside ?? '')).toEqual(before);
    expect(await over()).toEqual({ aside: null, outcome: 'already', forgotten: [] });
    expect(await over({ server: 'web1' })).toMatchObject({ outcome: 'restored' });
  });

  test('an older backup is refused, and taken by name without a serial number that comes again', async () => {
    await inZone(zoneHome, (ctx) => remint(ctx, { servers: ['web1'] }));
    const revoked = await inZone(zoneHome, revokeSomething);
    const taken = (await factsOf(zoneHome)) as { readonly serials: readonly string[] };
    const before = pictureOf(zoneHome);
    await expect(over()).rejects.toMatchObject({
      code: 'policy',
      details: { lineage: 'older' },
    });
    expect(pictureOf(zoneHome)).toEqual(before);
    await over({ acceptOlder: true });
    const after = (await factsOf(zoneHome)) as { readonly serials: readonly string[] };
    expect(after.serials).toEqual(taken.serials);
    const kept = await inZone(zoneHome, ({ store }) => store.revocation(revoked.fingerprint));
    expect(kept).toEqual({ ...revoked, listedIn: null });
  });

  test('a backup from which the zone has gone another way is refused', async () => {
    await restore(NOON, { zoneHome: elsewhere, path: backup });
    await inZone(elsewhere, (ctx) => remint(ctx, { servers: ['web1'] }));
    await inZone(zoneHome, (ctx) => remint(ctx, { servers: ['web2'] }));
    const other = join(temporaryFolder(), 'other.age');
    await backUp({ zoneHome: elsewhere, now: NOON }, other);
    await expect(over({}, other)).rejects.toMatchObject({
      code: 'policy',
      details: { lineage: 'diverged' },
    });
  });

  test('the backup of another zone is refused, accepted or not', async () => {
    const own = join(temporaryFolder(), 'zone');
    await makeTestZone({ zoneHome: own, now: NOON });
    const foreign = join(temporaryFolder(), 'foreign.age');
    await backUp({ zoneHome: own, now: NOON }, foreign);
    const before = pictureOf(zoneHome);
    const refused = over({ acceptOlder: true }, foreign);
    await expect(refused).rejects.toMatchObject({ code: 'policy', message: /another zone/u });
    expect(pictureOf(zoneHome)).toEqual(before);
  });

  test('a zone that cannot be read is replaced by name only', async () => {
    writeFileSync(join(zoneHome, 'zone.db'), 'no database');
    await expect(over()).rejects.toMatchObject({ code: 'policy', details: { lineage: 'unknown' } });
    await over({ acceptOlder: true });
    expect((await inZone(zoneHome, ({ store }) => store.zone())).name).toBe('Test Zone');
  });

  test('a satellite does not get the CA role', async () => {
    const before = pictureOf(zoneHome);
    const refused = restore(NOON, { zoneHome, path: backup, server: 'web2' });
    await expect(refused).rejects.toThrow('web2 is a satellite: only a Primary Server can hold');
    expect(pictureOf(zoneHome)).toEqual(before);
  });

  test('a zone home that lost its database is replaced, another folder is not', async () => {
    rmSync(join(zoneHome, 'zone.db'));
    const report = await restore(NOON, { zoneHome, path: backup });
    expect(report.aside).not.toBeNull();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'letter'), 'dear');
    const before = pictureOf(folder);
    const refused = restore(NOON, { zoneHome: folder, path: backup, acceptOlder: true });
    await expect(refused).rejects.toMatchObject({ code: 'policy', details: { path: folder } });
    expect(pictureOf(folder)).toEqual(before);
  });

  test('while somebody writes to it nothing is moved', async () => {
    const ctx = await openTestZone({ zoneHome, now: NOON });
    const custody = testCustody(NOON);
    const lock = custody.images.lock(zoneHome);
    await expect(lock).rejects.toMatchObject({ code: 'busy' });
    ctx.store.close();
  }, 20_000);
});

describe('secrets', () => {
  test.each([
    ['of the backup', testSecrets('four words of war')],
    ['of the CA', testSecrets(undefined, 'five other words here')],
  ])('a wrong passphrase %s changes nothing (I-21)', async (_which, secrets) => {
    const before = pictureOf(dirname(zoneHome));
    const refused = restore(NOON, { zoneHome, path: backup }, { secrets });
    await expect(refused).rejects.toMatchObject({ code: 'wrong-passphrase' });
    const made = join(dirname(zoneHome), 'new.age');
    if (secrets.passphrase.length === testSecrets().passphrase.length)
      await expect(backUp({ zoneHome, now: NOON }, made, secrets)).rejects.toMatchObject({
        code: 'wrong-passphrase',
      });
    expect(pictureOf(dirname(zoneHome))).toEqual(before);
  });

  test('no key and no passphrase stands in the file (I-20)', () => {
    const file = readFileSync(backup).toString('latin1');
    expect(file).not.toContain('PRIVATE KEY');
    expect(file).not.toContain(CA_PASSPHRASE);
    expect(file).not.toContain('key.enc');
  });

  test('a backup never replaces a file, and does not lie in the zone home', async () => {
    await expect(backUp({ zoneHome, now: NOON }, backup)).rejects.toMatchObject({ code: 'policy' });
    const inside = backUp({ zoneHome, now: NOON }, join(zoneHome, 'zone.age'));
    await expect(inside).rejects.toMatchObject({ code: 'policy' });
  });

  test('nor behind a link that leads into the zone home, by whatever name that is given', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(zoneHome, 'backups'), join(folder, 'usb'));
    symlinkSync(zoneHome, join(folder, 'zone'));
    symlinkSync(join(zoneHome, 'backups/new.age'), join(folder, 'new.age'));
    const before = pictureOf(zoneHome);
    for (const [home, path] of [
      [zoneHome, join(folder, 'usb/zone.age')],
      [zoneHome, join(folder, 'zone/zone.age')],
      [join(folder, 'zone'), join(zoneHome, 'backups/zone.age')],
    ] as const) {
      const refused = backUp({ zoneHome: home, now: NOON }, path);
      await expect(refused).rejects.toMatchObject({
        code: 'policy',
        message: `${path} lies in the zone home and would be lost with it`,
      });
    }
    const linked = backUp({ zoneHome, now: NOON }, join(folder, 'new.age'));
    await expect(linked).rejects.toMatchObject({ code: 'policy' });
    expect(pictureOf(zoneHome)).toEqual(before);
  });
});
