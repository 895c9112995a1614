import { lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import {
  memberHomesContract,
  sampleRepo,
  sampleSet,
  type MemberHomesSubject,
} from '../../contracts/member-homes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { freshZone, snapshot } from './fresh-zone.js';

const fs = createNodeZoneFs();

function subject(zoneHome: string, home: string): Promise<MemberHomesSubject> {
  const homes = new FileMemberHomes(fs, zoneHome);
  const place = (name: string, bytes: Uint8Array): void => {
    writeFileSync(join(home, 'remint-repo', name), bytes, { mode: 0o600 });
  };
  return Promise.resolve({ homes, home, place });
}

memberHomesContract('files, in the zone home', () => {
  const { zoneHome, home } = freshZone();
  return subject(zoneHome, home);
});

memberHomesContract('files, elsewhere', () => {
  const { zoneHome } = freshZone();
  return subject(zoneHome, join(temporaryFolder(), 'etc', 'tls of web1'));
});

describe('files of a member', () => {
  let before: number;
  beforeAll(() => {
    before = process.umask(0);
  });
  afterAll(() => {
    process.umask(before);
  });

  test('I-20: under umask 0 every folder is 0700 and every file 0600', async () => {
    const { zoneHome, home } = freshZone();
    const homes = new FileMemberHomes(fs, zoneHome);
    await homes.prepare(home);
    await homes.writeSet(home, 1, sampleSet('a'));
    await homes.switchLive(home, 1);
    await homes.writeRepo(home, sampleRepo('a'));
    const lines = snapshot(zoneHome).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(lines).toEqual([
      'backups 700',
      'servers 700',
      'servers/web1 700',
      'servers/web1/remint-repo 700',
      'servers/web1/remint-repo/ca.cert 600',
      'servers/web1/remint-repo/key.der 600',
      'servers/web1/remint-repo/server.cer 600',
      'servers/web1/security 700',
      'servers/web1/security/generations 700',
      'servers/web1/security/generations/1 700',
      'servers/web1/security/generations/1/ca.cert 600',
      'servers/web1/security/generations/1/key.der 600',
      'servers/web1/security/generations/1/key.pem 600',
      'servers/web1/security/generations/1/server.cer 600',
      'servers/web1/security/live ->',
      'truststore 700',
      'updates 700',
    ]);
    expect(readlinkSync(join(home, 'security', 'live'))).toBe('generations/1');
  });

  test('I-20: under umask 0777 the files are 0600 all the same', async () => {
    const { zoneHome, home } = freshZone();
    const homes = new FileMemberHomes(fs, zoneHome);
    await homes.prepare(home);
    process.umask(0o177);
    try {
      await homes.writeRepo(home, sampleRepo('a'));
    } finally {
      process.umask(0);
    }
    expect(lstatSync(join(home, 'remint-repo', 'key.der')).mode & 0o777).toBe(0o600);
  });

  test('leftovers of crashed runs are replaced and go away', async () => {
    const { zoneHome, home } = freshZone();
    const homes = new FileMemberHomes(fs, zoneHome);
    await homes.prepare(home);
    const generations = join(home, 'security', 'generations');
    for (const name of ['.new-1', '.old-7']) {
      mkdirSync(join(generations, name), { mode: 0o700 });
      writeFileSync(join(generations, name, 'key.der'), 'left', { mode: 0o600 });
    }
    symlinkSync('generations/9', join(home, 'security', '.new-live'));
    writeFileSync(join(home, 'remint-repo', '.new-key.der'), 'left', { mode: 0o600 });
    expect((await homes.observe(home)).generations).toEqual([]);
    await homes.writeSet(home, 1, sampleSet('a'));
    await homes.switchLive(home, 1);
    await homes.writeRepo(home, sampleRepo('a'));
    expect(snapshot(zoneHome).filter((line) => line.includes('/.'))).toEqual([]);
    expect(readlinkSync(join(home, 'security', 'live'))).toBe('generations/1');
  });

  test('a generation that lost a file is not complete and cannot become live', async () => {
    const { zoneHome, home } = freshZone();
    const homes = new FileMemberHomes(fs, zoneHome);
    await homes.prepare(home);
    await homes.writeSet(home, 1, sampleSet('a'));
    fs.removeFile(join(home, 'security', 'generations', '1', 'key.pem'));
    expect((await homes.observe(home)).generations).toEqual([]);
    expect(await homes.readSet(home, 1)).toBeUndefined();
    await expect(homes.switchLive(home, 1)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('a home that is not there is empty for readers and not-found for writers', async () => {
    const { zoneHome, home } = freshZone();
    const homes = new FileMemberHomes(fs, zoneHome);
    expect(await homes.observe(home)).toEqual({ live: undefined, generations: [] });
    expect((await homes.readRepo(home)).certificates).toEqual([]);
    await homes.unlinkLive(home);
    await homes.removeSet(home, 1);
    await homes.clearRepo(home, { 'key.der': '' });
    const missing = { code: 'not-found' };
    await expect(homes.writeSet(home, 1, sampleSet('a'))).rejects.toMatchObject(missing);
    await expect(homes.switchLive(home, 1)).rejects.toMatchObject(missing);
    await expect(homes.writeRepo(home, sampleRepo('a'))).rejects.toMatchObject(missing);
    expect(snapshot(zoneHome)).toHaveLength(4);
  });

  test('the age of a file is that of its last change, whatever its copied time says', async () => {
    const { zoneHome, home } = freshZone();
    const later = { ...fs, now: () => fs.now() + 7_000 };
    const homes = new FileMemberHomes(later, zoneHome);
    await homes.prepare(home);
    await homes.writeRepo(home, sampleRepo('a'));
    const age = (await homes.readRepo(home)).key?.ageMs ?? 0;
    expect(age).toBeGreaterThanOrEqual(6_900);
    expect(age).toBeLessThan(60_000);
  });

  test.each([
    '../outside',
    'web1/../../x',
    'web 1',
    'WEB1',
    '-web',
    'web1/',
    'web1/sub',
    '',
    'a\nb',
  ])('I-6: servers/%j in the zone home is no home', async (name) => {
    const { zoneHome } = freshZone();
    const homes = new FileMemberHomes(fs, zoneHome);
    const before = snapshot(zoneHome);
    const prepared = homes.prepare(`${zoneHome}/servers/${name}`);
    await expect(prepared).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(snapshot(zoneHome)).toEqual(before);
  });

  test.each(['', '/', 'relative', '/tmp/../tmp/x', '/tmp//x', '/tmp/x/', '/tmp/a\0b'])(
    'I-6: %j is no home',
    async (home) => {
      const { zoneHome } = freshZone();
      const homes = new FileMemberHomes(fs, zoneHome);
      await expect(homes.prepare(home)).rejects.toMatchObject({ code: 'unsafe-path' });
    },
  );

  test.each(['', 'backups', 'servers', 'security'])(
    'I-6: %j of the zone home is no home',
    async (name) => {
      const { zoneHome } = freshZone();
      const homes = new FileMemberHomes(fs, zoneHome);
      const prepared = homes.prepare(join(zoneHome, name));
      await expect(prepared).rejects.toMatchObject({ code: 'unsafe-path' });
    },
  );
});
