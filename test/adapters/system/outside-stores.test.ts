import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FileTrustFiles } from '../../../src/adapters/fs/trust-files.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { NssTrustStore } from '../../../src/adapters/system/nss-trust-store.js';
import { runTool } from '../../../src/adapters/system/run-tool.js';
import { SystemTrustStore } from '../../../src/adapters/system/system-trust-store.js';
import { outsideStoreContract } from '../../contracts/outside-store.js';
import { partnerRoot } from '../../support/partner-root.js';
import { scratchSystem } from '../../support/scratch-system.js';
import { makePipe } from '../fs/make-pipe.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';

const NAME = 'zmint-1a2b3c4d-x-0123456789abcdef';

function systemStore(root: string): SystemTrustStore {
  const fs = createNodeZoneFs();
  return new SystemTrustStore(fs, new FileTrustFiles(fs), root);
}

if (requireTool('update-ca-certificates')) {
  outsideStoreContract('the system', () => systemStore(scratchSystem()));
}

if (requireTool('certutil')) {
  outsideStoreContract('NSS', () => {
    const folder = temporaryFolder();
    const args = ['-N', '-d', `sql:${folder}`, '--empty-password'];
    execFileSync('certutil', args, { env: toolEnvironment(), stdio: 'pipe' });
    return new NssTrustStore(folder, undefined);
  });
}

describe('what is not there, or in the way', () => {
  test('a store that does not exist is told with the command that makes it', async () => {
    const system = systemStore(temporaryFolder()).list('zmint-');
    await expect(system).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('apt-get'),
    });
    const nss = new NssTrustStore(temporaryFolder(), undefined).list('zmint-');
    await expect(nss).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('certutil -N'),
    });
  });

  test('a root whose link is missing, or whose file was changed, is not in force', async () => {
    const root = scratchSystem();
    const store = systemStore(root);
    const { der } = (await partnerRoot()).certificate;
    await store.add(NAME, der);
    expect(await store.list('zmint-')).toEqual([{ name: NAME, der: null }]);
    const file = join(root, 'usr/local/share/ca-certificates', `${NAME}.crt`);
    symlinkSync(file, join(root, 'etc/ssl/certs', `${NAME}.pem`));
    expect(await store.list('zmint-')).toEqual([{ name: NAME, der }]);
    writeFileSync(file, 'nonsense');
    expect(await store.list('zmint-')).toEqual([{ name: NAME, der: null }]);
    rmSync(file);
    expect(await store.list('zmint-')).toEqual([{ name: NAME, der: null }]);
  });
});

describe('runTool', () => {
  function program(text: string): string {
    const path = join(temporaryFolder(), 'tool');
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test('gives what was printed', async () => {
    const name = program('echo "$1-$LC_ALL"; echo aside >&2');
    expect(await runTool({ name, package: 'p' }, ['a b'])).toBe('a b-C\n');
  });

  test('a failure is told by the last words', async () => {
    const name = program('echo first >&2; echo "it is full" >&2; exit 3');
    await expect(runTool({ name, package: 'p' }, [])).rejects.toMatchObject({
      code: 'storage',
      message: `${name} failed: it is full`,
      details: { exitCode: 3 },
    });
  });

  test('a program that is not there names its package', async () => {
    const missing = runTool({ name: 'zmint-no-such-program', package: 'libnone' }, []);
    await expect(missing).rejects.toMatchObject({
      code: 'not-found',
      hint: 'apt-get install libnone',
    });
  });
});

describe('trust files', () => {
  const files = new FileTrustFiles(createNodeZoneFs());
  const bytes = Uint8Array.of(1, 2, 3);

  test('are read through links, replaced as public files, listed in order', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'b.pem');
    await files.replace(path, bytes);
    symlinkSync(path, join(folder, 'a.pem'));
    expect(await files.read(join(folder, 'a.pem'))).toEqual(bytes);
    expect(await files.list(folder)).toEqual(['a.pem', 'b.pem']);
    expect(await files.read(join(folder, 'c.pem'))).toBeUndefined();
    expect(await files.list(join(folder, 'none'))).toBeUndefined();
  });

  test('a link, a folder, a pipe and a file that is too large are refused', async () => {
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('target'), 'old');
    symlinkSync(at('target'), at('link'));
    await expect(files.replace(at('link'), bytes)).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(readFileSync(at('target'), 'utf8')).toBe('old');
    mkdirSync(at('folder'));
    await expect(files.replace(at('folder'), bytes)).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(files.read(at('folder'))).rejects.toMatchObject({ code: 'unreadable' });
    makePipe(at('pipe'));
    await expect(files.read(at('pipe'))).rejects.toMatchObject({ code: 'unreadable' });
    writeFileSync(at('large'), Buffer.alloc(4 * 1024 * 1024 + 1));
    await expect(files.read(at('large'))).rejects.toMatchObject({ code: 'unreadable' });
  });
});
