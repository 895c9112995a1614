import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createContainerCrypto } from '../../src/adapters/crypto/container-crypto.js';
import { equalBytes } from '../../src/encoding/bytes.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { ZmintError } from '../../src/errors.js';
import { readContainer } from '../../src/operations/read-container.js';
import type { Container } from '../../src/x509/container.js';
import { ENTRY_PASSPHRASE, KINDS, makeFormatCorpus, PASSPHRASE } from '../support/format-corpus.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const hasKeytool = requireTool('keytool');
const openssl = requireTool('openssl') ? describe : describe.skip;
const keytool = hasKeytool ? describe : describe.skip;
const containers = createContainerCrypto();
let folder = '';

beforeAll(() => {
  folder = makeFormatCorpus(hasKeytool);
}, 180_000);

function read(name: string, ...passphrases: readonly string[]): Promise<Container> {
  const bytes = Uint8Array.from(readFileSync(join(folder, name)));
  return readContainer({ containers }, { bytes, name, passphrases: passphrases.map(encodeUtf8) });
}

/** Kinds of the items, and whether the keys are those of the first certificate. */
async function kindsIn(
  name: string,
  ...passphrases: readonly string[]
): Promise<readonly string[]> {
  return (await read(name, ...passphrases)).items.map(({ kind }) => kind);
}

/** The public key that the one private key in the file belongs to. */
async function publicKeyIn(name: string, ...passphrases: readonly string[]): Promise<Uint8Array> {
  const { items } = await read(name, ...passphrases);
  const keys = items.flatMap((item) => (item.kind === 'key' ? [item.key] : []));
  expect(keys).toHaveLength(1);
  return containers.publicKeyOf(keys[0]?.pkcs8 ?? new Uint8Array()) ?? new Uint8Array();
}

async function refusal(call: Promise<unknown>): Promise<ZmintError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ZmintError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const KEY_FILES = ['key', 'pkcs8.der'];
const LOCKED_KEY_FILES = [
  'enc-aes.pem',
  'enc-aes.der',
  'enc-des3.pem',
  'enc-scrypt.pem',
  'enc-pbe3des.pem',
];
const LOCKED_P12 = ['p12', '3des.p12', 'rc2.p12', 'nomac.p12'];

openssl.each(KINDS)('what openssl makes with %s', (kind) => {
  test('its certificate, chain, request and public key', async () => {
    expect(await kindsIn(`${kind}.pem`)).toEqual(['certificate']);
    expect(await kindsIn(`${kind}.der`)).toEqual(['certificate']);
    expect(await kindsIn(`${kind}.chain.pem`)).toEqual(['certificate', 'certificate']);
    expect(await kindsIn(`${kind}.csr`)).toEqual(['request']);
    expect(await kindsIn(`${kind}.csr.der`)).toEqual(['request']);
    expect(await kindsIn(`${kind}.pub`)).toEqual(['public-key']);
    for (const file of ['p7b', 'p7b.der']) {
      const { format, items } = await read(`${kind}.${file}`);
      expect(format).toBe('pkcs7');
      expect(items.map((item) => item.kind)).toEqual(['certificate', 'certificate']);
    }
  });

  test('its private key in every form', async () => {
    const [certificate] = (await read(`${kind}.pem`)).items;
    const spki = certificate?.kind === 'certificate' ? certificate.certificate.spki : undefined;
    for (const file of KEY_FILES) expect(await publicKeyIn(`${kind}.${file}`)).toEqual(spki);
    for (const file of LOCKED_KEY_FILES) {
      expect(await publicKeyIn(`${kind}.${file}`, PASSPHRASE)).toEqual(spki);
      expect(await kindsIn(`${kind}.${file}`)).toEqual(['encrypted-key']);
    }
    for (const file of [...LOCKED_P12, 'empty.p12', 'plain.p12']) {
      const passphrases = LOCKED_P12.includes(file) ? [PASSPHRASE] : [];
      expect(await publicKeyIn(`${kind}.${file}`, ...passphrases)).toEqual(spki);
    }
  });

  test.each([...LOCKED_KEY_FILES, ...LOCKED_P12])('%s under a wrong passphrase', async (file) => {
    const error = await refusal(read(`${kind}.${file}`, 'not this one'));
    expect(error.code).toBe('wrong-passphrase');
    expect(error.message).toContain(`${kind}.${file}`);
  });

  test('PKCS#12 keeps friendly names, and what is locked is listed', async () => {
    const { items, format } = await read(`${kind}.p12`, PASSPHRASE);
    expect(format).toBe('pkcs12');
    expect(items.map((item) => item.kind).sort()).toEqual(['certificate', 'certificate', 'key']);
    expect(items.find((item) => item.kind === 'key')?.alias).toBe(`web one ${kind}`);
    const locked = await read(`${kind}.p12`);
    expect(locked.items.map((item) => item.kind).sort()).toEqual([
      'encrypted-key',
      'encrypted-part',
    ]);
    expect(locked.notes).toEqual(['its MAC was not checked, which takes the passphrase']);
  });
});

openssl('older and rarer things of openssl', () => {
  test.each([
    ['rsa.pkcs1', []],
    ['rsa.pkcs1.der', []],
    ['rsa.oldpem', [PASSPHRASE]],
    ['rsa.oldpem-des3', [PASSPHRASE]],
    ['p256.sec1', []],
    ['p384.sec1.der', []],
    ['p521.oldpem', [PASSPHRASE]],
    ...['MD5-DES', 'SHA1-DES', 'SHA1-RC2-64', 'SHA1-RC4-128', 'SHA1-RC4-40'].map(
      (name): [string, string[]] => [`rsa.PBE-${name}.pem`, [PASSPHRASE]],
    ),
    ...['SHA1-2DES', 'SHA1-RC2-128', 'SHA1-RC2-40'].map((name): [string, string[]] => [
      `rsa.PBE-${name}.pem`,
      [PASSPHRASE],
    ]),
  ])('%s', async (name, passphrases) => {
    const whole = await publicKeyIn(`${name.split('.')[0] ?? ''}.key`);
    expect(equalBytes(await publicKeyIn(name, ...passphrases), whole)).toBe(true);
  });

  test.each([
    ['ca.crl', ['crl'], 'pem'],
    ['ca.crl.der', ['crl'], 'der'],
    ['withcrl.p7b', ['certificate', 'crl'], 'pkcs7'],
    ['signed.cms', ['certificate'], 'pkcs7'],
    ['withparams.key', ['other', 'key'], 'pem'],
    ['rsa.rsapub', ['other'], 'pem'],
    ['rsa.trusted', ['certificate'], 'pem'],
  ])('%s', async (name, kinds, format) => {
    const container = await read(name);
    expect(container.items.map((item) => item.kind)).toEqual(kinds);
    expect(container.format).toBe(format);
  });

  test('trust settings are told', async () => {
    const [item] = (await read('rsa.trusted')).items;
    expect(item).toMatchObject({ trust: { trusted: ['1.3.6.1.5.5.7.3.1'], rejected: null } });
  });

  test('a PKCS#12 of certificates alone', async () => {
    expect(await kindsIn('trust.p12', PASSPHRASE)).toEqual(['certificate']);
    expect(await kindsIn('trust.p12')).toEqual(['encrypted-part']);
  });
});

keytool('what keytool makes', () => {
  test.each(
    KINDS.flatMap((kind) => ['JKS', 'JCEKS'].map((type) => [`${kind}.${type}`, kind, type])),
  )('%s', async (name, kind, type) => {
    const whole = await publicKeyIn(`${kind}.key`);
    expect(equalBytes(await publicKeyIn(name, PASSPHRASE), whole)).toBe(true);
    const { items, format, notes } = await read(name);
    expect(format).toBe(type.toLowerCase());
    expect(items.map((item) => item.kind)).toEqual(['encrypted-key', 'certificate', 'certificate']);
    expect(items.map((item) => item.alias)).toEqual([kind, kind, kind]);
    expect(notes).toHaveLength(1);
    expect((await refusal(read(name, 'not this one'))).code).toBe('wrong-passphrase');
  });

  test('an entry with a passphrase of its own', async () => {
    expect(await kindsIn('other.JKS', PASSPHRASE)).toContain('encrypted-key');
    expect(await kindsIn('other.JKS', PASSPHRASE, ENTRY_PASSPHRASE)).toContain('key');
  });

  test('trust stores and PKCS#12 of Java', async () => {
    expect(await kindsIn('trust.JKS', PASSPHRASE)).toEqual(['certificate']);
    const kinds = await kindsIn('java.p12', PASSPHRASE);
    expect(kinds.filter((kind) => kind === 'key')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'certificate')).toHaveLength(5);
    expect(await kindsIn('javaold.p12', PASSPHRASE)).toEqual(['certificate']);
  });

  test('a secret key is refused, and it is said which', async () => {
    const error = await refusal(read('secret.JCEKS', PASSPHRASE));
    expect(error.code).toBe('unreadable');
    expect(error.message).toContain('entry 1 of the keystore is a secret key');
  });
});

const certtool = requireTool('certtool') ? describe : describe.skip;

certtool('what certtool makes', () => {
  function gnutls(out: string, ...args: readonly string[]): void {
    const files = ['--load-privkey', 'rsa.key', '--load-certificate', 'rsa.pem', '--outder'];
    execFileSync('certtool', [...args, ...files, '--outfile', out], {
      cwd: folder,
      env: toolEnvironment(),
      stdio: 'pipe',
    });
  }

  test('PKCS#12 and PKCS#8', async () => {
    gnutls('gnutls.p12', '--to-p12', '--p12-name', 'web', '--password', PASSPHRASE);
    expect([...(await kindsIn('gnutls.p12', PASSPHRASE))].sort()).toEqual(['certificate', 'key']);
    gnutls('gnutls.p8', '--to-p8', '--password', PASSPHRASE);
    expect(await publicKeyIn('gnutls.p8', PASSPHRASE)).toEqual(await publicKeyIn('rsa.key'));
  });

  test('PKCS#12 under an empty passphrase is opened without one', async () => {
    gnutls('gnutls-empty.p12', '--to-p12', '--p12-name', 'web', '--empty-password', '--password=');
    expect([...(await kindsIn('gnutls-empty.p12'))].sort()).toEqual(['certificate', 'key']);
  });
});
