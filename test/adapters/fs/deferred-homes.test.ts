import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { sampleRepo, sampleSet } from '../../contracts/member-homes.js';
import { faultyZoneFs } from '../../support/faulty-zone-fs.js';
import { freshZone } from './fresh-zone.js';

const real = createNodeZoneFs();

test('I-16 put-off writes are synced by one call that names all of them, then those shown in repos', async () => {
  const zone = freshZone();
  const fs = faultyZoneFs(real);
  const homes = new FileMemberHomes(fs, zone.zoneHome).deferred();
  await homes.prepare(zone.home);
  await homes.writeSet(zone.home, 3, sampleSet('3'));
  await homes.switchLive(zone.home, 3);
  await homes.writeRepo(zone.home, sampleRepo('a'));
  const before = fs.log();
  expect(before.filter((line) => /^(?:writeNew|syncFolder|syncAll) /u.test(line))).toEqual([]);
  await homes.flush();
  const synced = fs.log().filter((line) => line.startsWith('syncAll '));
  expect(synced).toHaveLength(2);
  const generations = join(zone.home, 'security/generations');
  for (const path of [join(generations, '3'), join(zone.home, 'security/live')])
    expect(synced[0]).toContain(path);
  expect(synced[1]).toContain(join(zone.home, 'remint-repo'));
  expect((await homes.observe(zone.home)).live).toBe(3);
});

test('a repo shows nothing before the set that it is a part of is durable', async () => {
  const zone = freshZone();
  const seen: (readonly string[] | undefined)[] = [];
  const watching = {
    ...real,
    syncAll: (): Promise<void> => {
      seen.push(real.list(join(zone.home, 'remint-repo'))?.filter((name) => !name.startsWith('.')));
      return Promise.resolve();
    },
  };
  const homes = new FileMemberHomes(watching, zone.zoneHome).deferred();
  await homes.prepare(zone.home);
  await homes.writeSet(zone.home, 3, sampleSet('3'));
  await homes.writeRepo(zone.home, sampleRepo('a'));
  await homes.flush();
  expect(seen).toEqual([[], Object.keys(sampleRepo('a')).sort()]);
});

test('a flush with nothing written does nothing', async () => {
  const fs = faultyZoneFs(real);
  const homes = new FileMemberHomes(fs, freshZone().zoneHome).deferred();
  await homes.flush();
  expect(fs.log()).toEqual([]);
});

test('I-17 what a flush could not sync is not synced again by the next one', async () => {
  const zone = freshZone();
  const refused = new Error('the disk is gone');
  const failing = {
    ...real,
    syncAll: (): Promise<void> => Promise.reject(refused),
  };
  const homes = new FileMemberHomes(failing, zone.zoneHome).deferred();
  await homes.prepare(zone.home);
  await homes.writeSet(zone.home, 4, sampleSet('4'));
  await expect(homes.flush()).rejects.toBe(refused);
  await expect(homes.flush()).resolves.toBeUndefined();
});

test('paths that are gone are passed over, those that are there are synced', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zmint-sync-'));
  real.writeUnsynced(join(folder, 'a'), new Uint8Array([1]));
  await real.syncAll({ folders: [folder, join(folder, 'gone')], renamed: [join(folder, 'gone')] });
  expect(real.readBounded(join(folder, 'a'), 9)?.bytes).toEqual(new Uint8Array([1]));
});
