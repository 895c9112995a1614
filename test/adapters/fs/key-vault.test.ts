import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { deriveKey, lockKey } from '../../../src/adapters/fs/key-cipher.js';
import { parseKeyEnvelope, renderKeyEnvelope } from '../../../src/adapters/fs/key-envelope.js';
import { FileKeyVault } from '../../../src/adapters/fs/key-vault.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import type { CaKeyPlace, KeyVault, Unlock } from '../../../src/ports/key-vault.js';
import type { KeyPair } from '../../../src/ports/keys.js';
import { KEY_SPECS } from '../../../src/zone/key-spec.js';
import { identityOf, keyVaultContract, passphrase } from '../../contracts/key-vault.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';
import { freshZone, snapshot } from './fresh-zone.js';

const fs = createNodeZoneFs();
const keys = createNodeKeys();
/** The least that a reader takes, so that the tests are quick. */
const workFactor = 2 ** 15;
const GOOD = passphrase('correct horse battery');
const NONE: Unlock = { kind: 'no-passphrase' };

keyVaultContract('files', () => {
  const { zoneHome, home } = freshZone();
  return Promise.resolve({
    vault: new FileKeyVault({ fs, zoneHome, keys, workFactor }),
    keys,
    home,
  });
});

describe('the key file', () => {
  let zoneHome: string;
  let vault: KeyVault;
  let place: CaKeyPlace;
  let pair: KeyPair;
  let file: string;

  beforeEach(async () => {
    const zone = freshZone();
    ({ zoneHome } = zone);
    vault = new FileKeyVault({ fs, zoneHome, keys, workFactor });
    place = { home: zone.home, generation: 1 };
    pair = await keys.generate('ec:P-256');
    file = join(zone.home, 'certificate-authority', '1', 'key.enc');
  });

  const seal = (unlock: Unlock): Promise<void> =>
    vault.seal(place, pair.pkcs8, identityOf(pair), unlock);
  const open = (unlock: Unlock): Promise<unknown> => vault.open(place, identityOf(pair), unlock);

  test('I-20: under umask 0 it is 0600 in 0700 folders, and so is ca.unlock', async () => {
    const before = process.umask(0);
    try {
      await seal(NONE);
      await vault.publishCertificate(place, new Uint8Array([1]));
    } finally {
      process.umask(before);
    }
    const modes = snapshot(zoneHome).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(modes.filter((line) => /authority|ca\./u.test(line))).toEqual([
      'ca.unlock 600',
      'servers/web1/certificate-authority 700',
      'servers/web1/certificate-authority/1 700',
      'servers/web1/certificate-authority/1/ca.cert 600',
      'servers/web1/certificate-authority/1/key.enc 600',
    ]);
  });

  test('says what it is, with scrypt at 2^17 unless told otherwise', async () => {
    await new FileKeyVault({ fs, zoneHome, keys }).seal(place, pair.pkcs8, identityOf(pair), GOOD);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      header: {
        format: 'zmint-key/1',
        cipher: 'aes-256-gcm',
        kdf: { name: 'scrypt', N: 131_072, r: 8, p: 1 },
        ...identityOf(pair),
      },
    });
  });

  test('I-20: neither the key nor the passphrase is in any file', async () => {
    await seal(GOOD);
    const secret = Buffer.from(pair.pkcs8).subarray(36, 68);
    for (const line of snapshot(zoneHome)) {
      const content = Buffer.from(line.split(' ')[2] ?? '', 'base64');
      for (const form of ['latin1', 'hex', 'base64'] as const) {
        expect(content.includes(secret.toString(form), 0, 'latin1')).toBe(false);
      }
      expect(content.includes('correct horse')).toBe(false);
    }
  });

  test('two sealings of one key share neither salt nor nonce', async () => {
    const headers: unknown[] = [];
    for (const unlock of [GOOD, GOOD]) {
      await seal(unlock);
      const { header } = parseKeyEnvelope(readFileSync(file), file);
      headers.push(Buffer.from(header.nonce).toString('hex'), header.kdf);
    }
    expect(headers[0]).not.toEqual(headers[2]);
    expect(headers[1]).not.toEqual(headers[3]);
  });

  test('I-21: every flipped bit and every cut is damage, never a wrong passphrase', async () => {
    await seal(GOOD);
    const whole = readFileSync(file);
    const altered: Buffer[] = [];
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const copy = Buffer.from(whole);
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      altered.push(copy);
    }
    for (let length = 0; length < whole.length; length += 1)
      altered.push(whole.subarray(0, length));
    altered.push(Buffer.concat([whole, Buffer.from('\n')]), Buffer.concat([whole, whole]));
    for (const bytes of altered) {
      expect(() => parseKeyEnvelope(bytes, file)).toThrow(
        expect.objectContaining({ code: 'damaged' }),
      );
    }
    writeFileSync(file, altered[100] ?? '');
    await expect(open(GOOD)).rejects.toMatchObject({ code: 'damaged' });
    await expect(seal(GOOD)).rejects.toMatchObject({ code: 'damaged' });
  });

  test.each([
    ['a work factor below the bound', { N: 2 ** 14 }],
    ['a work factor above the bound', { N: 2 ** 21 }],
    ['a work factor that is no power of two', { N: 2 ** 15 + 2 }],
    ['no work factor', { N: Number.NaN }],
    ['a short salt', { salt: Buffer.alloc(16) }],
  ])('%s is damage, though the checksum fits', async (_, change) => {
    await seal(GOOD);
    const envelope = parseKeyEnvelope(readFileSync(file), file);
    const { header } = envelope;
    if (header.kdf.name !== 'scrypt') throw new Error('a passphrase means scrypt');
    const kdf = { ...header.kdf, ...change };
    writeFileSync(file, renderKeyEnvelope({ ...envelope, header: { ...header, kdf } }));
    await expect(open(GOOD)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('the key of someone else under a header that names ours is damage', async () => {
    const other = await keys.generate('ec:P-256');
    const kdf = { name: 'scrypt', N: workFactor, r: 8, p: 1, salt: Buffer.alloc(32) } as const;
    const header = { kdf, nonce: Buffer.alloc(12), ...identityOf(pair) };
    await seal(GOOD);
    const aes = await deriveKey(kdf, Buffer.from('correct horse battery'));
    writeFileSync(file, renderKeyEnvelope(lockKey(other.pkcs8, header, aes)));
    await expect(open(GOOD)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('a key file or ca.unlock that others can read is unsafe', async () => {
    await seal(NONE);
    for (const path of [file, join(zoneHome, 'ca.unlock')]) {
      chmodSync(path, 0o640);
      await expect(open(NONE)).rejects.toMatchObject({
        code: 'unsafe-path',
        hint: `chmod 600 ${path}`,
      });
      chmodSync(path, 0o600);
    }
  });

  test('ca.unlock that is gone, cut or another one is said to be so', async () => {
    await seal(NONE);
    const unlock = join(zoneHome, 'ca.unlock');
    writeFileSync(unlock, Buffer.alloc(31));
    await expect(open(NONE)).rejects.toMatchObject({ code: 'damaged' });
    writeFileSync(unlock, Buffer.alloc(32));
    await expect(open(NONE)).rejects.toMatchObject({ code: 'damaged' });
    rmSync(unlock);
    await expect(open(NONE)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('all generations of a zone share ca.unlock', async () => {
    await seal(NONE);
    const before = readFileSync(join(zoneHome, 'ca.unlock'));
    await vault.seal({ ...place, generation: 2 }, pair.pkcs8, identityOf(pair), NONE);
    expect(readFileSync(join(zoneHome, 'ca.unlock'))).toEqual(before);
    await expect(open(NONE)).resolves.toBeDefined();
  });

  test('an unfinished file is replaced', async () => {
    await seal(GOOD);
    rmSync(file);
    writeFileSync(join(file, '..', '.new-key.enc'), 'half', { mode: 0o600 });
    await seal(GOOD);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(snapshot(zoneHome).filter((line) => line.includes('.new-'))).toEqual([]);
  });

  describe('docs/reference/recover-ca-key.mjs', () => {
    const recover = (args: readonly string[], input: string): SpawnSyncReturns<string> =>
      spawnSync(process.execPath, ['docs/reference/recover-ca-key.mjs', file, ...args], {
        input,
        encoding: 'utf8',
        env: toolEnvironment(),
      });
    const hasOpenssl = requireTool('openssl');

    test.each([
      ['a passphrase', GOOD, 'correct horse battery\n'],
      [
        'a passphrase that is typed decomposed',
        passphrase('Zürich ist schön'),
        'Zürich ist schön'.normalize('NFD'),
      ],
      ['ca.unlock', NONE, ''],
    ])('recovers the key by %s', async (_, unlock, typed) => {
      await seal(unlock);
      const args = unlock.kind === 'passphrase' ? [] : [join(zoneHome, 'ca.unlock')];
      const { status, stdout, stderr } = recover(args, typed);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe(Buffer.from(keys.pem(pair.pkcs8)).toString());
      if (!hasOpenssl) return;
      const spki = execFileSync('openssl', ['pkey', '-pubout', '-outform', 'DER'], {
        input: stdout,
        env: toolEnvironment(),
      });
      expect(spki).toEqual(Buffer.from(pair.spki));
    });

    test.each(KEY_SPECS.filter((spec) => spec !== 'rsa:4096' && spec !== 'rsa:3072'))(
      'recovers a key of %s',
      async (spec) => {
        pair = await keys.generate(spec);
        await seal(NONE);
        const { stdout } = recover([join(zoneHome, 'ca.unlock')], '');
        expect(stdout).toBe(Buffer.from(keys.pem(pair.pkcs8)).toString());
      },
    );

    test('tells damage from a wrong passphrase, and prints no key', async () => {
      await seal(GOOD);
      const wrong = recover([], 'wrong horse\n');
      expect(wrong).toMatchObject({ status: 1, stdout: '' });
      expect(wrong.stderr).toContain('whole');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"tag":"', '"tag":"A'));
      const damaged = recover([], 'correct horse battery\n');
      expect(damaged).toMatchObject({ status: 1, stdout: '' });
      expect(damaged.stderr).toContain('damaged');
    });
  });
});
