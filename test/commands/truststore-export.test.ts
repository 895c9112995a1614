import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createContainerCrypto } from '../../src/adapters/crypto/container-crypto.js';
import { readContainer } from '../../src/operations/read-container.js';
import type { CommandLine } from '../support/command-line.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { runTool, trustBench, type TrustBench } from '../support/trust-bench.js';

let bench: TrustBench;
let at: CommandLine;

const file = (name: string): string => bench.file(name);
const text = (name: string): string => bench.text(name);
const print = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
const whenTool = (name: string): typeof test | typeof test.skip =>
  requireTool(name) ? test : test.skip;

beforeEach(async () => {
  bench = await trustBench();
  ({ at } = bench);
});

describe('zmint truststore export', () => {
  beforeEach(async () => {
    await at.given(['zmint truststore add partner.pem --alias partner --yes']);
  });

  whenTool('openssl')('PEM that openssl and curl use', async () => {
    await at.given(['zmint truststore export --to pem --out roots.pem']);
    expect(text('roots.pem')).toContain('# partner CN=Partner Root\n-----BEGIN');
    expect(statSync(file('roots.pem')).mode & 0o777).toBe(0o644);
    const live = join(at.zoneHome, 'servers/web1/security/live');
    const verified = bench.verify('-CAfile', file('roots.pem'), join(live, 'server.cer'));
    expect(verified).toContain(': OK');
    const replace = await at.run('zmint truststore export --to pem --out roots.pem');
    expect(replace).toMatchObject({ status: 2 });
  });

  whenTool('keytool')('JKS and PKCS#12 that keytool lists with the aliases', async () => {
    for (const to of ['jks', 'p12']) {
      await at.given([
        `zmint truststore export --to ${to} --out roots.${to} --out-passphrase-file secret.txt`,
      ]);
      const args = ['-list', '-keystore', file(`roots.${to}`), '-storepass', 'correct horse'];
      const listed = runTool('keytool', ...args);
      expect(listed).toMatch(/^partner, .*trustedCertEntry/mu);
      expect(listed).toMatch(/^zone-ca-g1, .*trustedCertEntry/mu);
      expect(listed.replaceAll(':', '').toLowerCase()).toContain(print(bench.partner));
    }
    const bare = await at.run('zmint truststore export --to jks --out x.jks --no-out-passphrase');
    expect(bare).toMatchObject({ status: 2 });
  });

  test('a PKCS#12 without a passphrase is read again', async () => {
    await at.given(['zmint truststore export --to p12 --out roots.p12 --no-out-passphrase']);
    const bytes = readFileSync(file('roots.p12'));
    const ctx = { containers: createContainerCrypto() };
    const { items } = await readContainer(ctx, { bytes, name: 'roots.p12', passphrases: [] });
    expect(items.map(({ kind, alias }) => [kind, alias])).toEqual([
      ['certificate', 'partner'],
      ['certificate', 'zone-ca-g1'],
    ]);
  });

  whenTool('update-ca-certificates')("into the system's store and out again", async () => {
    const root = file('root');
    for (const folder of [
      'etc/ssl/certs',
      'usr/local/share/ca-certificates',
      'usr/share/ca-certificates',
    ]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, 'etc/ca-certificates.conf'), '');
    const bundle = join(root, 'etc/ssl/certs/ca-certificates.crt');
    const local = join(root, 'usr/local/share/ca-certificates');
    writeFileSync(join(local, 'theirs.crt'), bench.other);
    const into = `zmint truststore export --to system --root ${root} --yes`;
    const { json } = await at.run(`${into} --json`);
    expect(json()).toMatchObject({ added: [{ alias: 'partner' }, { alias: 'zone-ca-g1' }] });
    expect(readFileSync(bundle, 'utf8')).toContain(bench.partner);
    const links = join(root, 'etc/ssl/certs');
    expect(bench.verify('-no-CAfile', '-CApath', links, bench.served)).toContain(': OK');
    expect((await at.run(into)).out).toContain('holds the roots of the zone.');
    await at.given(['zmint truststore remove partner --yes', into]);
    expect(readFileSync(bundle, 'utf8')).not.toContain(bench.partner);
    await at.given([`${into} --undo`]);
    expect(readFileSync(bundle, 'utf8')).toBe(bench.other);
    expect((await at.run(`${into} --undo`)).out).toContain('holds no root of the zone.');
    const events = await at.run('zmint event list --json');
    expect(events.out).toContain('"trust-install-begun"');
    expect(events.out).toContain('"trust-uninstall-begun"');
  });

  whenTool('certutil')('into an NSS database and out again', async () => {
    const db = file('nss');
    mkdirSync(db);
    const into = `zmint truststore export --to nss --db ${db} --yes`;
    expect(await at.run(into)).toMatchObject({
      status: 17,
      err: expect.stringContaining('certutil -N'),
    });
    runTool('certutil', '-N', '-d', `sql:${db}`, '--empty-password');
    runTool(
      'certutil',
      '-A',
      '-d',
      `sql:${db}`,
      '-n',
      'theirs',
      '-t',
      'C,,',
      '-a',
      '-i',
      file('other.pem'),
    );
    await at.given([into]);
    const listed = runTool('certutil', '-L', '-d', `sql:${db}`);
    expect(listed).toMatch(/^zmint-[\da-f]{8}-partner-[\da-f]{16} +C,, *$/mu);
    const add = ['-A', '-d', `sql:${db}`, '-n', 'web1', '-t', ',,', '-a', '-i', bench.served];
    runTool('certutil', ...add);
    const at261121 = '261121120000Z';
    const verified = runTool(
      'certutil',
      '-V',
      '-d',
      `sql:${db}`,
      '-n',
      'web1',
      '-u',
      'V',
      '-b',
      at261121,
    );
    expect(verified).toContain('certificate is valid');
    // A root that somebody has taken the trust from is put right.
    const [name = ''] = /zmint-\S+-partner-\S+/u.exec(listed) ?? [];
    runTool('certutil', '-M', '-d', `sql:${db}`, '-n', name, '-t', ',,');
    await at.given([into]);
    expect(runTool('certutil', '-L', '-d', `sql:${db}`)).toMatch(/-partner-\S+ +C,, *$/mu);
    expect((await at.run(into)).out).toContain('holds the roots of the zone.');
    await at.given([`${into} --undo`]);
    const left = runTool('certutil', '-L', '-d', `sql:${db}`);
    expect(left).not.toContain('zmint-');
    expect(left).toMatch(/^theirs +C,, *$/mu);
    expect(() =>
      runTool('certutil', '-V', '-d', `sql:${db}`, '-n', 'web1', '-u', 'V', '-b', at261121),
    ).toThrow();
  });

  whenTool('certutil')('an NSS database with a password', async () => {
    const db = file('nss');
    mkdirSync(db);
    runTool('certutil', '-N', '-d', `sql:${db}`, '-f', file('secret.txt'));
    const into = `zmint truststore export --to nss --db ${db} --db-password-file ${file('secret.txt')} --yes`;
    await at.given([into]);
    expect((await at.run(into)).out).toContain('holds the roots of the zone.');
  });

  test.each([
    ['--to pem', 'no file'],
    ['--to pem --out x --undo', 'undoing a file'],
    ['--to system --out x', 'a file for a store'],
    ['--to nss', 'no database'],
    ['--to system --db x', 'a database for the system'],
    ['--out x', 'no format'],
  ])('%s is refused: %s', async (words) => {
    expect(await at.run(`zmint truststore export ${words}`)).toMatchObject({ status: 2 });
    expect(existsSync(file('x'))).toBe(false);
  });
});

whenTool('curl')('curl reaches a server of the zone by it, and not without it', async () => {
  bench = await trustBench(Math.floor(Date.now() / 1000));
  ({ at } = bench);
  await at.given(['zmint truststore export --to pem --out roots.pem']);
  const live = join(at.zoneHome, 'servers/web1/security/live');
  const options = {
    key: readFileSync(join(live, 'key.pem')),
    cert: readFileSync(join(live, 'server.cer')),
  };
  const server = createServer(options, (_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const ask = (ca: string): Promise<string> =>
    new Promise((resolve) => {
      const to = `web1.example.com:${port}:127.0.0.1:${port}`;
      const url = `https://web1.example.com:${port}/`;
      const args = ['-s', '--cacert', ca, '--connect-to', to, url];
      execFile('curl', args, { env: toolEnvironment() }, (_error, out) => {
        resolve(out);
      });
    });
  try {
    expect(await ask(file('roots.pem'))).toBe('hello');
    expect(await ask(file('partner.pem'))).toBe('');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
