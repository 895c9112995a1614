import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { KINDS, makeFormatCorpus, PASSPHRASE } from '../../support/format-corpus.js';
import { runZmint } from '../../support/run-zmint.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';

const openssl = requireTool('openssl') ? describe : describe.skip;
const keytool = requireTool('keytool') ? describe : describe.skip;
const OUT = 'new secret';
let folder = '';

beforeAll(() => {
  folder = makeFormatCorpus(false);
  for (const [name, secret] of [
    ['in.pw', PASSPHRASE],
    ['out.pw', OUT],
    ['short.pw', 'abc'],
  ] as const) {
    writeFileSync(at(name), `${secret}\n`);
    chmodSync(at(name), 0o600);
  }
}, 180_000);

function at(name: string): string {
  return join(folder, name);
}

function tool(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd: folder,
    env: toolEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function convert(file: string, to: string, out: string, ...more: readonly string[]) {
  const ran = await runZmint('cert', 'convert', at(file), '--to', to, '--out', at(out), ...more);
  if (ran.status !== 0) throw new Error(`status ${ran.status}: ${ran.err}`);
  return ran;
}

/** The public key of a private key in a file that openssl reads. */
function publicKey(name: string, ...how: readonly string[]): string {
  return tool('openssl', 'pkey', '-in', name, '-pubout', ...how);
}

const WITH_OUT = (): readonly string[] => ['--out-passphrase-file', at('out.pw')];

openssl.each(KINDS)('%s, written by zmint and read by openssl', (kind) => {
  test('PEM and DER of a certificate', async () => {
    await convert(`${kind}.chain.pem`, 'der', `o.${kind}.der`, '--only', 'leaf');
    expect(readFileSync(at(`o.${kind}.der`))).toEqual(readFileSync(at(`${kind}.der`)));
    await convert(`o.${kind}.der`, 'pem', `o.${kind}.pem`);
    expect(readFileSync(at(`o.${kind}.pem`), 'utf8')).toBe(readFileSync(at(`${kind}.pem`), 'utf8'));
    expect(statSync(at(`o.${kind}.pem`)).mode & 0o777).toBe(0o644);
  });

  test('PKCS#7 there and back', async () => {
    await convert(`${kind}.chain.pem`, 'p7b', `o.${kind}.p7b`);
    const printed = tool('openssl', 'pkcs7', '-in', `o.${kind}.p7b`, '-print_certs');
    expect(printed.match(/BEGIN CERTIFICATE/gu)).toHaveLength(2);
    await convert(`o.${kind}.p7b`, 'pem', `o.${kind}.back.pem`);
    expect(readFileSync(at(`o.${kind}.back.pem`))).toEqual(readFileSync(at(`${kind}.chain.pem`)));
  });

  test.each([[[]], [['--legacy']]])('PKCS#12 %j', async (options) => {
    const name = `o.${kind}${options.length}.p12`;
    await convert(
      `${kind}.chain.pem`,
      'p12',
      name,
      '--key',
      at(`${kind}.key`),
      ...options,
      ...WITH_OUT(),
    );
    expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    const legacy = options.length > 0 ? ['-legacy'] : [];
    const how = ['-in', name, '-passin', `pass:${OUT}`, ...legacy];
    tool('openssl', 'pkcs12', ...how, '-nocerts', '-nodes', '-out', 'key.out');
    expect(publicKey('key.out')).toBe(publicKey(`${kind}.key`));
    const certificates = tool('openssl', 'pkcs12', ...how, '-nokeys');
    expect(certificates.match(/BEGIN CERTIFICATE/gu)).toHaveLength(2);
    expect(certificates).toContain('friendlyName: web1.example.com');
    await convert(
      name,
      'pem',
      `${name}.pem`,
      '--passphrase-file',
      at('out.pw'),
      '--no-out-passphrase',
    );
    expect(publicKey(`${name}.pem`)).toBe(publicKey(`${kind}.key`));
  });

  test('an encrypted key, in PEM and DER', async () => {
    await convert(
      `${kind}.enc-scrypt.pem`,
      'pem',
      `o.${kind}.enc`,
      '--passphrase-file',
      at('in.pw'),
      ...WITH_OUT(),
    );
    expect(readFileSync(at(`o.${kind}.enc`), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(publicKey(`o.${kind}.enc`, '-passin', `pass:${OUT}`)).toBe(publicKey(`${kind}.key`));
    await convert(`${kind}.key`, 'der', `o.${kind}.key.der`);
    expect(readFileSync(at(`o.${kind}.key.der`))).toEqual(readFileSync(at(`${kind}.pkcs8.der`)));
    expect(statSync(at(`o.${kind}.key.der`)).mode & 0o777).toBe(0o600);
  });
});

keytool.each(KINDS)('%s, written by zmint and read by keytool', (kind) => {
  test.each(['jks', 'p12'])('%s, its key signs', async (type) => {
    const name = `java.${kind}.${type}`;
    await convert(
      `${kind}.chain.pem`,
      type,
      name,
      '--key',
      at(`${kind}.key`),
      '--alias',
      'Web One',
      ...WITH_OUT(),
    );
    const store = ['-keystore', name, '-storepass', OUT];
    const listed = tool('keytool', '-list', '-v', ...store);
    expect(listed).toMatch(/Alias name: web one/iu);
    expect(listed).toContain('Certificate chain length: 2');
    const request = tool('keytool', '-certreq', '-alias', 'web one', ...store, '-keypass', OUT);
    writeFileSync(at('made.csr'), request);
    expect(tool('openssl', 'req', '-in', 'made.csr', '-noout', '-pubkey', '-verify')).toBe(
      publicKey(`${kind}.key`),
    );
    await convert(
      name,
      'pem',
      `${name}.pem`,
      '--passphrase-file',
      at('out.pw'),
      '--no-out-passphrase',
    );
    expect(publicKey(`${name}.pem`)).toBe(publicKey(`${kind}.key`));
  });
});

keytool('trust stores', () => {
  test.each(['jks', 'p12'])('%s with certificates alone', async (type) => {
    await convert('ca.pem', type, `roots.${type}`, ...WITH_OUT());
    const listed = tool('keytool', '-list', '-keystore', `roots.${type}`, '-storepass', OUT);
    expect(listed).toContain('trustedCertEntry');
    expect(listed).toContain('test ca');
    expect(statSync(at(`roots.${type}`)).mode & 0o777).toBe(0o644);
  });
});

openssl('what is refused, and nothing is written', () => {
  test.each<[string, readonly string[], number, RegExp]>([
    ['rsa.chain.pem', ['--to', 'der'], 24, /der holds one thing, and there are 2/u],
    ['rsa.plain.p12', ['--to', 'p7b'], 24, /p7b cannot hold a private key/u],
    ['rsa.csr', ['--to', 'p12', '--no-out-passphrase'], 24, /p12 cannot hold a signing request/u],
    ['rsa.enc-aes.pem', ['--to', 'pem'], 12, /an encrypted key is still locked/u],
    ['rsa.p12', ['--to', 'pem'], 12, /still locked/u],
    [
      'rsa.pem',
      ['--to', 'p12', '--key', 'p256.key', '--no-out-passphrase'],
      21,
      /none of the certificates/u,
    ],
    ['rsa.key', ['--to', 'p12', '--no-out-passphrase'], 21, /none of the certificates/u],
    ['rsa.pem', ['--to', 'jks', '--no-out-passphrase'], 2, /cannot do without a passphrase/u],
    ['rsa.pem', ['--to', 'jks', '--out-passphrase-file', 'short.pw'], 24, /under 6 characters/u],
    ['rsa.pem', ['--to', 'pem', '--legacy'], 2, /--legacy is for --to p12/u],
    ['rsa.pem', ['--to', 'pem', '--alias', 'x'], 2, /has no names/u],
    ['rsa.pem', ['--to', 'xyz'], 2, /not one of/u],
    ['rsa.pem', ['--to', 'p12'], 2, /under which passphrase/u],
    ['rsa.pem', ['--to', 'pem', '--only', 'keys'], 17, /there are no keys/u],
    [
      'rsa.chain.pem',
      ['--to', 'p12', '--alias', 'x', '--no-out-passphrase'],
      2,
      /there are several/u,
    ],
    ['missing.pem', ['--to', 'pem'], 20, /cannot read/u],
  ])('%s %j', async (file, options, status, message) => {
    const words = options.map((word) => (/\.(?:key|pw)$/u.test(word) ? at(word) : word));
    const ran = await runZmint('cert', 'convert', at(file), ...words, '--out', at('refused'));
    expect(ran.err).toMatch(message);
    expect(ran.status).toBe(status);
    expect(existsSync(at('refused'))).toBe(false);
  });

  test('an existing file stays without --yes', async () => {
    writeFileSync(at('kept'), 'old');
    const line = ['cert', 'convert', at('rsa.pem'), '--to', 'der', '--out', at('kept')];
    const refused = await runZmint(...line);
    expect(refused.status).toBe(2);
    expect(readFileSync(at('kept'), 'utf8')).toBe('old');
    expect((await runZmint(...line, '--dry-run')).status).toBe(0);
    expect(readFileSync(at('kept'), 'utf8')).toBe('old');
    expect((await runZmint(...line, '--yes')).status).toBe(0);
    expect(readFileSync(at('kept'))).toEqual(readFileSync(at('rsa.der')));
  });

  test('a store without keys may be without a passphrase', async () => {
    await convert('ca.pem', 'p12', 'open.p12', '--no-out-passphrase');
    const { out } = await runZmint('cert', 'inspect', at('open.p12'));
    expect(out).toContain('it has no MAC');
    expect(out).toContain('CN=Test CA,O=Zone');
  });
});
