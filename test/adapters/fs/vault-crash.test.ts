import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ZmintError } from '../../../src/errors.js';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { FileKeyVault } from '../../../src/adapters/fs/key-vault.js';
import { createNodeZoneFs, type ZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import type { CaKeyPlace, Unlock } from '../../../src/ports/key-vault.js';
import { identityOf, passphrase } from '../../contracts/key-vault.js';
import { atEveryEffect } from '../../support/faulty-zone-fs.js';
import { freshZone, leftovers, type FreshZone } from './fresh-zone.js';

const real = createNodeZoneFs();
const error = new ZmintError('storage', 'the disk is full');

describe('a crash before and after every effect of the vault', () => {
  const keys = createNodeKeys();
  const vaultOf = (zone: FreshZone, fs: ZoneFs = real): FileKeyVault =>
    new FileKeyVault({ fs, zoneHome: zone.zoneHome, keys, workFactor: 2 ** 15 });
  const placeOf = (zone: FreshZone): CaKeyPlace => ({ home: zone.home, generation: 1 });
  const unlocks: readonly (readonly [string, Unlock])[] = [
    ['a passphrase', passphrase('correct horse battery')],
    ['no passphrase', { kind: 'no-passphrase' }],
  ];

  test.each(unlocks)('I-4 seal with %s: there is no key, or one that opens', async (_, unlock) => {
    const pair = await keys.generate('ec:P-256');
    const rounds = await atEveryEffect({
      real,
      error,
      start: () => Promise.resolve(freshZone()),
      work: (zone, fs) =>
        vaultOf(zone, fs).seal(placeOf(zone), pair.pkcs8, identityOf(pair), unlock),
      check: async (zone) => {
        const vault = vaultOf(zone);
        const opened = vault.open(placeOf(zone), identityOf(pair), unlock);
        if ((await vault.list(zone.home)).length > 0) await expect(opened).resolves.toBeDefined();
        else await expect(opened).rejects.toMatchObject({ code: 'not-found' });
        await vault.seal(placeOf(zone), pair.pkcs8, identityOf(pair), unlock);
        await vault.open(placeOf(zone), identityOf(pair), unlock);
        expect(leftovers(zone)).toEqual([]);
      },
    });
    expect(rounds).toBeGreaterThanOrEqual(3 * 7);
  });

  test('discard: repeating it finishes', async () => {
    const pair = await keys.generate('ec:P-256');
    const unlock: Unlock = { kind: 'no-passphrase' };
    const rounds = await atEveryEffect({
      real,
      error,
      start: async () => {
        const zone = freshZone();
        const vault = vaultOf(zone);
        await vault.seal(placeOf(zone), pair.pkcs8, identityOf(pair), unlock);
        await vault.publishCertificate(placeOf(zone), new Uint8Array([1]));
        return zone;
      },
      work: (zone, fs) => vaultOf(zone, fs).discard(placeOf(zone)),
      check: async (zone) => {
        await vaultOf(zone).discard(placeOf(zone));
        expect(real.list(join(zone.home, 'certificate-authority'))).toEqual([]);
      },
    });
    expect(rounds).toBe(3 * 5);
  });
});
