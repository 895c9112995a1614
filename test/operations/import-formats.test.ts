import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { KEY_SPECS } from '../../src/zone/key-spec.js';

const hasKeytool = requireTool('keytool');

let ca: ExternalCa;
let world: ImportWorld;

beforeAll(() => {
  ca = makeExternalCa();
});

beforeEach(async () => {
  world = await importWorld(ca);
});

function run(program: string, ...args: readonly string[]): Buffer {
  const cwd = join(world.at.zoneHome, '..');
  return execFileSync(program, args, { cwd, env: toolEnvironment(), stdio: 'pipe' });
}

const openssl = (...args: readonly string[]): Buffer => run('openssl', ...args);

async function expectImported(line: string): Promise<void> {
  const ran = await world.at.run(line);
  expect({ status: ran.status, err: ran.err }).toMatchObject({ status: 0 });
  expect(world.live('web1').chain).toHaveLength(1);
}

/** The certificate for the key that waits, and the intermediate. */
function bag(): void {
  world.file('bag.pem', ca.sign(world.csr('web1')) + ca.intermediate);
}

/** A key of another program in `own.key`, and its certificate with the intermediate in `own.pem`. */
function ownKey(): void {
  openssl('genpkey', '-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', 'own.key');
  const request = openssl('req', '-new', '-key', 'own.key', '-subj', '/CN=web1').toString();
  world.file('own.pem', ca.sign(request, { names: 'DNS:web1.example.com' }) + ca.intermediate);
  chmodSync(world.file('pass', 'correct horse\n'), 0o600);
}

describe('an import takes', () => {
  test.each<[string, () => Uint8Array | string]>([
    [
      'PEM with the chain in any order',
      () => ca.root + ca.intermediate + ca.sign(world.csr('web1')),
    ],
    [
      'PEM with text around it and lines of Windows',
      () => `Here it is:\r\n${ca.sign(world.csr('web1')).replaceAll('\n', '\r\n')}Regards\r\n`,
    ],
    ['DER', () => (world.signed('web1'), openssl('x509', '-in', 'web1.cer', '-outform', 'DER'))],
    ['PKCS#7 in PEM', () => (bag(), openssl('crl2pkcs7', '-nocrl', '-certfile', 'bag.pem'))],
    [
      'PKCS#7 in DER',
      () => (bag(), openssl('crl2pkcs7', '-nocrl', '-certfile', 'bag.pem', '-outform', 'DER')),
    ],
    [
      'PKCS#12 without a key',
      () => (bag(), openssl('pkcs12', '-export', '-nokeys', '-in', 'bag.pem', '-passout', 'pass:')),
    ],
  ])('%s', async (_form, make) => {
    world.file('made', make());
    await expectImported('zmint ssl import made --yes');
  });

  test('PKCS#12 with its key', async () => {
    ownKey();
    openssl(
      ...['pkcs12', '-export', '-in', 'own.pem', '-inkey', 'own.key', '-out', 'own.p12'],
      ...['-passout', 'file:pass'],
    );
    await expectImported('zmint ssl import own.p12 --passphrase-file pass --yes');
    await world.expectRefused('zmint ssl import own.p12 --yes', {
      status: 12,
      said: 'it is encrypted, and no passphrase opens it',
    });
  });

  test('a key in PKCS#8 with a passphrase, in SEC1, and in DER', async () => {
    ownKey();
    const locked = [
      'pkcs8',
      '-topk8',
      '-v2',
      'aes-256-cbc',
      '-in',
      'own.key',
      '-out',
      'locked.key',
    ];
    openssl(...locked, '-passout', 'file:pass');
    await expectImported(
      'zmint ssl import own.pem --key locked.key --passphrase-file pass --activate-at now --yes',
    );
    openssl('ec', '-in', 'own.key', '-out', 'sec1.key');
    openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'own.key', '-outform', 'DER', '-out', 'key.der');
    for (const key of ['sec1.key', 'key.der']) {
      const { out } = await world.at.run(`zmint ssl import own.pem --key ${key} --yes`);
      expect(out).toContain('There is nothing to do.');
    }
  });

  (hasKeytool ? test : test.skip)('a Java keystore', async () => {
    ownKey();
    openssl(
      ...['pkcs12', '-export', '-in', 'own.pem', '-inkey', 'own.key', '-out', 'own.p12'],
      ...['-name', 'web1', '-passout', 'file:pass'],
    );
    run(
      ...(['keytool', '-importkeystore', '-srckeystore', 'own.p12', '-destkeystore'] as const),
      ...['own.jks', '-deststoretype', 'JKS', '-srcstorepass', 'correct horse'],
      ...['-deststorepass', 'correct horse', '-noprompt'],
    );
    await expectImported('zmint ssl import own.jks --passphrase-file pass --yes');
  });

  test.each(KEY_SPECS)('what was signed for a key %s', async (spec) => {
    await world.at.given([`zmint generate-csr web1 --key ${spec} --out . --yes`]);
    world.signed('web1');
    await expectImported('zmint ssl import web1.cer --yes');
    const key = readFileSync(join(world.at.zoneHome, 'servers/web1/security/live/key.pem'), 'utf8');
    expect(key).toContain('BEGIN PRIVATE KEY');
  });

  test('a wildcard for a server that it covers', async () => {
    await world.at.given(['zmint generate-csr web1 --cn "*.example.com" --out . --yes']);
    world.signed('web1', { names: 'DNS:*.example.com' });
    await expectImported('zmint ssl import web1.cer --yes');
  });
});
