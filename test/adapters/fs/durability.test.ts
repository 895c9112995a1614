import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { FileKeyVault } from '../../../src/adapters/fs/key-vault.js';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { prepareZoneHome } from '../../../src/adapters/fs/prepare-zone-home.js';
import { FileZoneFolder } from '../../../src/adapters/fs/zone-folder.js';
import { createNodeZoneFs, type ZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { identityOf } from '../../contracts/key-vault.js';
import { sampleRepo, sampleSet } from '../../contracts/member-homes.js';
import { faultyZoneFs } from '../../support/faulty-zone-fs.js';
import { freshZone, type FreshZone } from './fresh-zone.js';

const real = createNodeZoneFs();
const keys = createNodeKeys();
const bytes = new Uint8Array([1]);
const workFactor = 2 ** 15;

type Act = (zone: FreshZone, fs: ZoneFs) => Promise<unknown>;

const homes = ({ zoneHome }: FreshZone, fs: ZoneFs): FileMemberHomes =>
  new FileMemberHomes(fs, zoneHome);

const acts: Readonly<Record<string, Act>> = {
  prepareZoneHome: (zone, fs) => {
    prepareZoneHome(fs, `${zone.zoneHome}-more/zone`);
    return Promise.resolve();
  },
  prepare: (zone, fs) => homes(zone, fs).prepare(zone.home.replace('web1', 'web2')),
  writeSet: (zone, fs) => homes(zone, fs).writeSet(zone.home, 3, sampleSet('3')),
  'writeSet over another': (zone, fs) => homes(zone, fs).writeSet(zone.home, 2, sampleSet('x')),
  switchLive: (zone, fs) => homes(zone, fs).switchLive(zone.home, 2),
  'switchLive to what is live': (zone, fs) => homes(zone, fs).switchLive(zone.home, 1),
  unlinkLive: (zone, fs) => homes(zone, fs).unlinkLive(zone.home),
  removeSet: (zone, fs) => homes(zone, fs).removeSet(zone.home, 2),
  writeRepo: (zone, fs) => homes(zone, fs).writeRepo(zone.home, sampleRepo('a')),
  publishTrust: (zone, fs) => new FileZoneFolder(fs, zone.zoneHome).publishTrust(bytes),
  writeUpdate: (zone, fs) =>
    new FileZoneFolder(fs, zone.zoneHome).writeUpdate('6d1f8a52-3c0b-4e6e-9f6a-0d5c1b2a3e4f', {
      a: bytes,
    }),
  seal: async (zone, fs) => {
    const pair = await keys.generate('ec:P-256');
    const vault = new FileKeyVault({ fs, zoneHome: zone.zoneHome, keys, workFactor });
    const place = { home: zone.home, generation: 1 };
    await vault.seal(place, pair.pkcs8, identityOf(pair), { kind: 'no-passphrase' });
    await vault.publishCertificate(place, bytes);
  },
};

test.each(Object.keys(acts))(
  'I-16 %s: every name that it makes or takes away is synced before it returns',
  async (act) => {
    const zone = freshZone();
    const before = homes(zone, real);
    await before.prepare(zone.home);
    for (const number of [1, 2]) await before.writeSet(zone.home, number, sampleSet('a'));
    await before.switchLive(zone.home, 1);
    const fs = faultyZoneFs(real);
    await acts[act]?.(zone, fs);
    const steps = fs.log().map((line) => {
      const [verb = '', path = ''] = line.split(' ');
      return { verb, path };
    });
    expect(steps.length).toBeGreaterThan(0);
    steps.forEach(({ verb, path }, index) => {
      // What a temporary name leaves behind is no promise to anybody.
      if (verb === 'syncFolder' || /\/\.(?:new|old)-/u.test(path)) return;
      const later = steps.slice(index).filter((step) => step.verb === 'syncFolder');
      expect(later.map((step) => step.path)).toContain(dirname(path));
    });
  },
);

test('I-2 switching is one rename, over live', async () => {
  const zone = freshZone();
  const before = homes(zone, real);
  await before.prepare(zone.home);
  for (const number of [1, 2]) await before.writeSet(zone.home, number, sampleSet('a'));
  await before.switchLive(zone.home, 1);
  const fs = faultyZoneFs(real);
  await homes(zone, fs).switchLive(zone.home, 2);
  const touching = fs.log().filter((line) => line.endsWith('/security/live'));
  expect(touching).toEqual([`rename ${zone.home}/security/live`]);
});
