import { describe, expect, test } from '@jest/globals';
import { ZmintError } from '../../../src/errors.js';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { FileZoneFolder } from '../../../src/adapters/fs/zone-folder.js';
import { createNodeZoneFs, type ZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import type { MemberHomes, SetFiles } from '../../../src/ports/member-homes.js';
import { sampleRepo, sampleSet } from '../../contracts/member-homes.js';
import { atEveryEffect } from '../../support/faulty-zone-fs.js';
import { freshZone, leftovers, snapshot, type FreshZone } from './fresh-zone.js';

const real = createNodeZoneFs();
const error = new ZmintError('storage', 'the disk is full');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const homesOf = (zone: FreshZone, fs: ZoneFs = real): MemberHomes =>
  new FileMemberHomes(fs, zone.zoneHome);

/** A member whose set 1 is live; `more` are there besides. */
async function memberWith(more: Readonly<Record<number, SetFiles>> = {}): Promise<FreshZone> {
  const zone = freshZone();
  const homes = homesOf(zone);
  await homes.prepare(zone.home);
  await homes.writeSet(zone.home, 1, sampleSet('1'));
  await homes.switchLive(zone.home, 1);
  for (const [number, files] of Object.entries(more)) {
    await homes.writeSet(zone.home, Number(number), files);
  }
  return zone;
}

const liveSet = async (zone: FreshZone): Promise<SetFiles | undefined> => {
  const { live } = await homesOf(zone).observe(zone.home);
  return live === undefined ? undefined : homesOf(zone).readSet(zone.home, live);
};

const same = (a: unknown, b: unknown): void => {
  expect(JSON.stringify(a)).toBe(JSON.stringify(b));
};

const textOf = (content: Uint8Array | undefined): string | undefined =>
  content === undefined ? undefined : Buffer.from(content).toString();

describe('a crash before and after every effect, and an error at every effect', () => {
  test('I-11 prepare: repeating it finishes', async () => {
    const rounds = await atEveryEffect({
      real,
      error,
      start: () => Promise.resolve(freshZone()),
      work: (zone, fs) => homesOf(zone, fs).prepare(zone.home),
      check: async (zone) => {
        await homesOf(zone).prepare(zone.home);
        expect(snapshot(zone.home)).toHaveLength(3);
      },
    });
    expect(rounds).toBeGreaterThanOrEqual(3 * 6);
  });

  test.each([
    ['nothing', {}],
    ['another set', { 2: sampleSet('left over') }],
    ['the same set', { 2: sampleSet('2') }],
  ])('I-1, I-17 writeSet where there is %s', async (_, more: Record<number, SetFiles>) => {
    const rounds = await atEveryEffect({
      real,
      error,
      start: () => memberWith(more),
      work: (zone, fs) => homesOf(zone, fs).writeSet(zone.home, 2, sampleSet('2')),
      check: async (zone, outcome) => {
        const homes = homesOf(zone);
        same(await liveSet(zone), sampleSet('1'));
        const found = await homes.readSet(zone.home, 2);
        const allowed = [undefined, more[2], sampleSet('2')].map((set) => JSON.stringify(set));
        expect(allowed).toContain(JSON.stringify(found));
        if (outcome === 'done') same(found, sampleSet('2'));
        await homes.writeSet(zone.home, 2, sampleSet('2'));
        same(await homes.readSet(zone.home, 2), sampleSet('2'));
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBeGreaterThanOrEqual(3 * 2);
  });

  test('I-17 an error in writeSet leaves everything as it was', async () => {
    let errors = 0;
    await atEveryEffect({
      real,
      error,
      start: async () => {
        const zone = await memberWith({ 2: sampleSet('left over') });
        return { zone, before: snapshot(zone.zoneHome) };
      },
      work: ({ zone }, fs) => homesOf(zone, fs).writeSet(zone.home, 2, sampleSet('2')),
      check: ({ zone, before }, outcome) => {
        if (outcome === 'failed') {
          errors += 1;
          expect(snapshot(zone.zoneHome)).toEqual(before);
        }
        return Promise.resolve();
      },
    });
    expect(errors).toBeGreaterThan(8);
  });

  test.each([
    ['another set', 1],
    ['nothing', undefined],
  ])('I-1, I-2 switchLive from %s: live is the old set or the new one', async (_, from) => {
    const rounds = await atEveryEffect({
      real,
      error,
      start: async () => {
        const zone = await memberWith({ 2: sampleSet('2') });
        if (from === undefined) await homesOf(zone).unlinkLive(zone.home);
        return zone;
      },
      work: async (zone, fs) => {
        await homesOf(zone, fs).switchLive(zone.home, 2);
      },
      check: async (zone, outcome) => {
        const { live, generations } = await homesOf(zone).observe(zone.home);
        expect(generations).toEqual([1, 2]);
        expect([from, 2]).toContain(live);
        if (outcome === 'failed') expect(live).toBe(from);
        await homesOf(zone).switchLive(zone.home, 2);
        same(await liveSet(zone), sampleSet('2'));
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBe(3 * 3);
  });

  test('I-1 removeSet: the live set stays, the other is whole or gone', async () => {
    const rounds = await atEveryEffect({
      real,
      error,
      start: () => memberWith({ 2: sampleSet('2') }),
      work: (zone, fs) => homesOf(zone, fs).removeSet(zone.home, 2),
      check: async (zone) => {
        const homes = homesOf(zone);
        same(await liveSet(zone), sampleSet('1'));
        const found = await homes.readSet(zone.home, 2);
        expect([undefined, JSON.stringify(sampleSet('2'))]).toContain(JSON.stringify(found));
        await homes.removeSet(zone.home, 2);
        expect(await homes.observe(zone.home)).toEqual({ live: 1, generations: [1] });
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBeGreaterThanOrEqual(3 * 6);
  });

  test('writeRepo: each file is the old one or the new one; an error leaves the old ones', async () => {
    const old = sampleRepo('old');
    const fresh = sampleRepo('new');
    const rounds = await atEveryEffect({
      real,
      error,
      start: async () => {
        const zone = await memberWith();
        await homesOf(zone).writeRepo(zone.home, old);
        return zone;
      },
      work: (zone, fs) => homesOf(zone, fs).writeRepo(zone.home, fresh),
      check: async (zone, outcome) => {
        const isError = outcome === 'failed';
        const repo = await homesOf(zone).readRepo(zone.home);
        const files = {
          ...old,
          'server.cer': repo.certificates[0]?.bytes,
          'key.der': repo.key?.bytes,
          'ca.cert': repo.caCert?.bytes,
        };
        for (const name of ['server.cer', 'key.der', 'ca.cert'] as const) {
          const allowed = isError ? [textOf(old[name])] : [textOf(old[name]), textOf(fresh[name])];
          expect(allowed).toContain(textOf(files[name]));
        }
        same(await liveSet(zone), sampleSet('1'));
        await homesOf(zone).writeRepo(zone.home, fresh);
        const now = await homesOf(zone).readRepo(zone.home);
        expect(textOf(now.key?.bytes)).toBe('der new');
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBe(3 * 10);
  });

  test('I-17 publishTrust: the old trust or the new; an error leaves the old', async () => {
    const rounds = await atEveryEffect({
      real,
      error,
      start: async () => {
        const zone = freshZone();
        await new FileZoneFolder(real, zone.zoneHome).publishTrust(bytes('old'));
        return zone;
      },
      work: (zone, fs) => new FileZoneFolder(fs, zone.zoneHome).publishTrust(bytes('new')),
      check: async (zone, outcome) => {
        const folder = new FileZoneFolder(real, zone.zoneHome);
        const found = textOf(await folder.readTrust());
        expect(['old', 'new']).toContain(found);
        if (outcome === 'failed') expect(found).toBe('old');
        await folder.publishTrust(bytes('new'));
        expect(textOf(await folder.readTrust())).toBe('new');
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBe(3 * 4);
  });

  test('writeUpdate: repeating it finishes', async () => {
    const guid = '6d1f8a52-3c0b-4e6e-9f6a-0d5c1b2a3e4f';
    const rounds = await atEveryEffect({
      real,
      error,
      start: async () => {
        const zone = freshZone();
        await new FileZoneFolder(real, zone.zoneHome).writeUpdate(guid, { a: bytes('old') });
        return zone;
      },
      work: async (zone, fs) => {
        await new FileZoneFolder(fs, zone.zoneHome).writeUpdate(guid, { b: bytes('new') });
      },
      check: async (zone) => {
        const path = await new FileZoneFolder(real, zone.zoneHome).writeUpdate(guid, {
          b: bytes('new'),
        });
        expect(real.list(path)).toEqual(['b']);
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBeGreaterThanOrEqual(3 * 8);
  });
});
