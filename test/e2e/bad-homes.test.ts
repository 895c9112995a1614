import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectRefused, type Refusal } from '../support/expect-refused.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import {
  NOBODY,
  onSmallDisk,
  programForNobody,
  remount,
  requireRoot,
} from '../support/privileged.js';
import { zmint } from '../support/run-program.js';
import { makeTestZone } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';
import { filesOf, withReader } from '../support/zone-state.js';

const whenRoot = requireRoot() ? describe : describe.skip;
const POLICY = { status: 24, code: 'policy' } as const;
const UNSAFE = { status: 18, code: 'unsafe-path' } as const;

let folder = '';
let start = '';

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-homes-'));
  start = await zoneIn(join(folder, 'zone'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function zoneIn(zoneHome: string): Promise<string> {
  await makeTestZone({ zoneHome, now: Math.floor(Date.now() / 1000) }, [
    { name: 'web1', dnsName: 'web1.example.com' },
  ]);
  return zoneHome;
}

function copy(): string {
  const home = join(mkdtempSync(join(folder, 'copy-')), 'zone');
  cpSync(start, home, { recursive: true, verbatimSymlinks: true });
  return home;
}

function add(home: string): readonly string[] {
  return ['server', 'add', 'x', '--dns', 'x.example.com', '--home', home, '--yes'];
}

const REMINT = ['ssl', 'remint', 'web1', '--yes'];

function web1(zoneHome: string): string {
  return join(zoneHome, 'servers/web1');
}

describe('homes of members (I-6)', () => {
  test.each<[string, (zone: string) => string, Pick<Refusal, 'status' | 'code'>]>([
    ['in another member’s home', (zone) => join(web1(zone), 'security'), POLICY],
    ['that is another member’s home', web1, POLICY],
    ['above another member’s home', (zone) => join(zone, 'servers'), POLICY],
    ['that is the zone home', (zone) => zone, POLICY],
    ['in the trust store', (zone) => join(zone, 'truststore'), POLICY],
    ['above the zone home', (zone) => join(zone, '..'), POLICY],
  ])('a home %s', async (_what, homeIn, refusal) => {
    const zone = copy();
    await expectRefused(zone, add(homeIn(zone)), refusal);
  });

  test.each(['there', 'there/below', '.'])('a home that shares %s with another', async (path) => {
    const zone = copy();
    const outside = mkdtempSync(join(folder, 'outside-'));
    const first = ['--dns', 'y.example.com', '--home', join(outside, 'there'), '--yes'];
    const added = await zmint(['--zone', zone, 'server', 'add', 'y', ...first]);
    expect([added.status, added.err]).toEqual([0, added.err]);
    const before = JSON.stringify(filesOf(outside));
    await expectRefused(zone, add(join(outside, path)), { status: 24, code: 'member-exists' });
    expect(JSON.stringify(filesOf(outside))).toBe(before);
  });

  test('a home that is another member’s by another path', async () => {
    const zone = copy();
    const outside = mkdtempSync(join(folder, 'outside-'));
    symlinkSync(outside, `${outside}-link`);
    const first = ['--dns', 'y.example.com', '--home', join(outside, 'there'), '--yes'];
    expect((await zmint(['--zone', zone, 'server', 'add', 'y', ...first])).status).toBe(0);
    await expectRefused(zone, add(join(`${outside}-link`, 'there')), {
      status: 24,
      code: 'member-exists',
    });
    checkHome(join(outside, 'there'), new Date());
  });

  test('a home that is no absolute path is taken from the folder that one is in', async () => {
    const zone = copy();
    const outside = mkdtempSync(join(folder, 'outside-'));
    const words = ['--zone', zone, ...add('./there')];
    const run = await zmint(words, { cwd: outside });
    expect([run.status, run.err]).toEqual([0, run.err]);
    checkHome(join(outside, 'there'), new Date());
  });

  test('a home below a link that leads elsewhere', async () => {
    const zone = copy();
    const outside = mkdtempSync(join(folder, 'outside-'));
    symlinkSync(outside, join(zone, 'servers/linked'));
    await expectRefused(
      zone,
      ['server', 'add', 'linked', '--dns', 'x.example.com', '--yes'],
      UNSAFE,
    );
    expect(filesOf(outside)).toEqual([]);
  });

  test('a home below a folder that the group may write to', async () => {
    const zone = copy();
    const wide = mkdtempSync(join(folder, 'wide-'));
    chmodSync(wide, 0o770);
    await expectRefused(zone, add(join(wide, 'x')), { ...UNSAFE, says: /chmod go-w/u });
    expect(filesOf(wide)).toEqual([]);
  });

  test('a zone home that others may write to', async () => {
    const zone = copy();
    chmodSync(zone, 0o777);
    await expectRefused(zone, REMINT, UNSAFE);
    await expectRefused(zone, ['status'], UNSAFE);
  });

  test.each(['remint-repo', 'security', 'security/generations'])(
    'somebody put a link in place of %s',
    async (name) => {
      const zone = copy();
      const outside = join(mkdtempSync(join(folder, 'elsewhere-')), 'there');
      cpSync(join(web1(zone), name), outside, { recursive: true, verbatimSymlinks: true });
      rmSync(join(web1(zone), name), { recursive: true });
      symlinkSync(outside, join(web1(zone), name));
      const before = JSON.stringify(filesOf(outside));
      await expectRemintRefused(zone);
      expect(JSON.stringify(filesOf(outside))).toBe(before);
    },
  );

  test.each(['remint-repo/server.cer', 'remint-repo/key.der'])(
    'somebody put a link in place of %s',
    async (name) => {
      const zone = copy();
      const target = join(mkdtempSync(join(folder, 'target-')), 'precious');
      writeFileSync(target, 'precious', { mode: 0o600 });
      symlinkSync(target, join(web1(zone), name));
      await expectRefused(zone, REMINT, UNSAFE);
      expect(readFileSync(target, 'utf8')).toBe('precious');
    },
  );
});

/** A remint that begins is undone again: nothing but the audit log tells of it. */
async function expectRemintRefused(zone: string, status = 18): Promise<void> {
  const before = JSON.stringify(filesOf(zone));
  const run = await zmint(['--zone', zone, ...REMINT]);
  expect([run.status, run.err]).toEqual([status, run.err]);
  expect(run.err).toMatch(/^zmint: error: ./mu);
  expect(JSON.stringify(filesOf(zone))).toBe(before);
  await withReader(zone, async (reader) => {
    expect((await reader.operations()).every((one) => one.phase === 'cancelled')).toBe(true);
    expect(await reader.damage()).toEqual([]);
  });
}

whenRoot('homes of others', () => {
  test('a zone home that belongs to somebody else', async () => {
    const zone = copy();
    chownSync(zone, NOBODY, NOBODY);
    await expectRefused(zone, REMINT, UNSAFE);
  });

  test('a member’s home that belongs to somebody else', async () => {
    const zone = copy();
    const theirs = mkdtempSync(join(folder, 'theirs-'));
    chownSync(theirs, NOBODY, NOBODY);
    await expectRefused(zone, add(theirs), UNSAFE);
  });

  test('a home that cannot be written', async () => {
    await onSmallDisk(4096, async (disk) => {
      const zone = await zoneIn(join(disk, 'zone'));
      remount(disk, 'ro');
      const read = await zmint(['--zone', zone, 'server', 'list']);
      expect([read.status, read.err]).toEqual([0, read.err]);
      await expectRefused(zone, REMINT, { status: 33, code: 'storage', broken: true });
      remount(disk, 'rw');
      expect((await zmint(['--zone', zone, ...REMINT])).status).toBe(0);
    });
  });

  test('a member’s home on a disk that cannot be written', async () => {
    await onSmallDisk(4096, async (disk) => {
      const zone = copy();
      const words = add(join(disk, 'x'));
      expect((await zmint(['--zone', zone, ...words])).status).toBe(0);
      remount(disk, 'ro');
      const before = checkHome(join(disk, 'x'), new Date());
      const run = await zmint(['--zone', zone, 'ssl', 'remint', 'x', '--yes']);
      expect([run.status, run.err]).toEqual([33, run.err]);
      expect(checkHome(join(disk, 'x'), new Date())).toEqual(before);
      remount(disk, 'rw');
      expect((await zmint(['--zone', zone, 'ssl', 'remint', 'x', '--yes'])).status).toBe(0);
    });
  });

  test('somebody who may not read the zone', async () => {
    const zone = copy();
    chmodSync(folder, 0o755);
    chmodSync(join(zone, '..'), 0o755);
    const { program, wrapper } = programForNobody();
    for (const words of [['status'], REMINT]) {
      const run = await zmint(['--zone', zone, ...words], { program, wrapper });
      expect([run.status, run.err]).toEqual([18, run.err]);
      expect(run.err).toMatch(/^zmint: error: .*\nzmint: hint: ./mu);
    }
    execFileSync('chmod', ['-R', 'a+rwX', join(zone, 'servers/web1')]);
    await expectRefused(zone, REMINT, UNSAFE);
  });
});

whenRoot('disks that are full (I-17)', () => {
  test.each([0, 4, 8, 16, 24, 32, 48, 64, 96, 128])(
    '%i KiB are left',
    async (left) => {
      await onSmallDisk(3072, async (disk) => {
        const zone = await zoneIn(join(disk, 'zone'));
        fill(disk, left);
        const seen = lookAt(zone);
        const run = await zmint([
          '--zone',
          zone,
          'ssl',
          'remint',
          '--ca',
          '--no-backup-check',
          '--yes',
        ]);
        if (run.status !== 0) {
          expect([run.status, run.err]).toEqual([33, run.err]);
          expect(run.err).toMatch(/disk|full|space/iu);
        }
        const after = lookAt(zone);
        if (run.status !== 0)
          expect(after.map((one) => one.leaf)).toEqual(seen.map((one) => one.leaf));
        rmSync(join(disk, 'filler'));
        const resumed = await zmint(['--zone', zone, 'ssl', 'resume']);
        expect([resumed.status, resumed.err]).toEqual([0, resumed.err]);
        const phase = await withReader(zone, async (reader) => {
          expect(await reader.damage()).toEqual([]);
          return (await reader.operations()).at(-1)?.phase ?? 'none';
        });
        expect(['none', 'cancelled', 'active']).toContain(phase);
        const again =
          phase === 'active' ? ['ssl', 'retire'] : ['ssl', 'remint', '--ca', '--no-backup-check'];
        const done = await zmint(['--zone', zone, ...again, '--yes']);
        expect([done.status, done.err]).toEqual([0, done.err]);
        lookAt(zone);
      });
    },
    60_000,
  );

  /** Fills the disk up to so many KiB. */
  function fill(disk: string, left: number): void {
    const descriptor = openSync(join(disk, 'filler'), 'w');
    let size = 0;
    try {
      for (;;) size += writeSync(descriptor, Buffer.alloc(4096));
    } catch (error) {
      // The disk is full now, as it should be.
      expect(error).toHaveProperty('code', 'ENOSPC');
    }
    ftruncateSync(descriptor, size - left * 1024);
    closeSync(descriptor);
  }

  function lookAt(zone: string): readonly ReturnType<typeof checkHome>[] {
    const names = ['ca1', 'web1'];
    return names.map((name) => checkHome(join(zone, 'servers', name), new Date()));
  }
});
