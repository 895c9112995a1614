import { chmodSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { concatBytes } from '../../../src/encoding/bytes.js';
import {
  writeDer,
  writeExplicit,
  writeOid,
  writeSequence,
  writeUnsigned,
  writeUtf8String,
} from '../../../src/encoding/der-writer.js';
import { fromHex } from '../../../src/encoding/hex.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { encodeUtf8 } from '../../../src/encoding/utf8.js';
import { buildCertificate, withExtension } from '../../support/bent-certificate.js';
import { makeFormatCorpus, PASSPHRASE } from '../../support/format-corpus.js';
import { runZmint, type Ran } from '../../support/run-zmint.js';
import { requireTool } from '../../support/tools.js';

const openssl = requireTool('openssl') ? describe : describe.skip;
let folder = '';

beforeAll(() => {
  folder = makeFormatCorpus(false);
  secret('in.pw', PASSPHRASE);
  secret('wrong.pw', 'not this one');
}, 180_000);

function at(name: string): string {
  return join(folder, name);
}

function secret(name: string, text: string): void {
  writeFileSync(at(name), `${text}\n`);
  chmodSync(at(name), 0o600);
}

function bytesOf(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(at(name)));
}

async function inspect(bytes: Uint8Array | string, ...options: readonly string[]): Promise<Ran> {
  writeFileSync(at('odd'), bytes);
  const ran = await runZmint('cert', 'inspect', at('odd'), ...options);
  // Whatever it is: no stack, no bug, nothing that a terminal would obey.
  expect(ran.status).not.toBe(70);
  expect(ran.err).not.toMatch(/^\s+at /mu);
  expect(ran.out + ran.err).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/u);
  return ran;
}

openssl('what is shown', () => {
  test('a certificate, every field and extension in words', async () => {
    const { out, status } = await inspect(bytesOf('p256.pem'));
    expect(status).toBe(0);
    for (const line of [
      /^subject: +CN=web1\.example\.com$/mu,
      /^issuer: +CN=Test CA,O=Zone$/mu,
      /^key: +ec:P-256$/mu,
      /^basic constraints \(critical\): +no CA$/mu,
      /^key usage \(critical\): +digitalSignature$/mu,
      /^extended key usage: +serverAuth$/mu,
      /^subject alternative name: +DNS web1\.example\.com, IP 192\.0\.2\.7$/mu,
      /^SHA-256: +[0-9a-f]{64}$/mu,
      /^SHA-1: +[0-9a-f]{40}$/mu,
      /^MD5: +[0-9a-f]{32}$/mu,
      /^SHA-256 of the key: +[0-9a-f]{64}$/mu,
    ]) {
      expect(out).toMatch(line);
    }
    expect(out).not.toContain('problem');
  });

  test('a store: table, chain, and which key belongs to which certificate', async () => {
    const ran = await inspect(bytesOf('rsa.p12'), '--passphrase-file', at('in.pw'));
    expect(ran.out).toMatch(/PKCS#12, 1 certificate, 1 CA certificate, 1 private key/u);
    expect(ran.out).toMatch(/^chain: #1 <- #2 \(a root\)$/mu);
    expect(ran.out).toMatch(/^its key is: +#3$/mu);
    expect(ran.out).toMatch(/^belongs to: +#1$/mu);
    expect(ran.out).not.toContain('PRIVATE KEY-----');
  });

  test('JSON is one document with the same facts', async () => {
    const { out } = await inspect(bytesOf('rsa.chain.pem'), '--json');
    expect(JSON.parse(out)).toMatchObject({
      schema: 'zmint.cert-inspect/1',
      format: 'pem',
      items: [
        { kind: 'certificate', key: 'rsa:2048', dnsNames: ['web1.example.com'], problems: [] },
        { kind: 'certificate', isCa: true },
      ],
      chains: [{ members: [0, 1], end: 'root' }],
    });
  });

  test('what is locked is listed, and a wrong passphrase is an error of its own', async () => {
    const locked = await inspect(bytesOf('rsa.p12'));
    expect(locked.status).toBe(0);
    expect(locked.out).toMatch(/1 encrypted part, 1 encrypted key/u);
    const wrong = await inspect(bytesOf('rsa.p12'), '--passphrase-file', at('wrong.pw'));
    expect(wrong.status).toBe(12);
  });

  test.each<[string, () => Uint8Array, RegExp]>([
    ['expired and weak', () => buildCertificate(), /problem: +it expired at 2026-11-21T05:26:20Z/u],
    [
      'an unknown extension, in hexadecimal',
      () => withExtension('1.2.3.4', fromHex('0403010203'), true),
      /^1\.2\.3\.4 \(critical\): +#0403010203$/mu,
    ],
    [
      'an extension that is known and damaged',
      () => withExtension('1.3.6.1.5.5.7.1.1', fromHex('0500')),
      /authority information access: +cannot be read/u,
    ],
    [
      'a negative serial number',
      () => buildCertificate({ serial: fromHex('0201ff') }),
      /its serial number is negative/u,
    ],
    [
      'escapes and line breaks in a name',
      () =>
        buildCertificate({
          subject: writeSequence(
            writeDer(
              0x31,
              writeSequence(writeOid('2.5.4.3'), writeUtf8String('a\u001b[2J\r\n\u202eb')),
            ),
          ),
        }),
      /subject: +CN=a\\1B\[2J\\0D\\0A\\E2\\80\\AEb$/mu,
    ],
  ])('%s', async (_what, make, message) => {
    const { out, status } = await inspect(make());
    expect(status).toBe(0);
    expect(out).toMatch(message);
  });
});

openssl('odd files that are read', () => {
  const pem = (): string => readFileSync(at('p256.pem'), 'utf8');
  test.each<[string, () => Uint8Array | string]>([
    ['UTF-16 with its mark, as Windows writes', () => Buffer.from(`\uFEFF${pem()}`, 'utf16le')],
    ['UTF-8 with a mark', () => `\uFEFF${pem()}`],
    ['lines of Windows', () => pem().replaceAll('\n', '\r\n')],
    ['no line end at the end', () => pem().trimEnd()],
    ['base64 with spaces', () => pem().replace('\nMII', '\n M I I ')],
    ['text around', () => `Bag Attributes\n  x: y\n${pem()}\u0007trailer`],
    ['base64 without boundaries', () => pem().replace(/-----.*-----\n/gu, '')],
    ['a certificate labelled PKCS7', () => pem().replaceAll('CERTIFICATE', 'PKCS7')],
    ['NULs behind the PEM', () => `${pem()}${'\0'.repeat(100)}`],
  ])('%s', async (_what, make) => {
    const { out, err, status } = await inspect(make());
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(out).toContain('CN=web1.example.com');
  });

  test('one damaged certificate does not hide the others', async () => {
    const damaged = encodePem('CERTIFICATE', bytesOf('p256.der').slice(0, -1));
    const { out, status } = await inspect(`${pem()}${damaged}`);
    expect(status).toBe(20);
    expect(out).toContain('CN=web1.example.com');
    expect(out).toMatch(/block 2 \(line \d+\)/u);
    expect(out).toMatch(/problem: +no BER at byte 0: it is cut short/u);
  });
});

openssl('hostile files are refused with file, place and reason', () => {
  const nested = (depth: number): Uint8Array => {
    let bytes = new Uint8Array();
    for (let level = 0; level < depth; level += 1) bytes = new Uint8Array(writeDer(0x30, bytes));
    return bytes;
  };
  test.each<[string, () => Uint8Array | string, RegExp]>([
    ['nothing', () => '', /odd: it is empty/u],
    ['NULs', () => new Uint8Array(4096), /neither PEM nor DER/u],
    ['text', () => 'hello\n', /neither PEM nor DER/u],
    [
      'two certificates in DER',
      () => concatBytes([bytesOf('rsa.der'), bytesOf('rsa.der')]),
      /byte \d+: there are bytes behind the end/u,
    ],
    [
      'a byte behind DER',
      () => concatBytes([bytesOf('rsa.der'), Uint8Array.of(10)]),
      /bytes behind the end/u,
    ],
    ['a certificate cut short', () => bytesOf('rsa.der').slice(0, 300), /cut short/u],
    ['a PKCS#12 cut short', () => bytesOf('rsa.p12').slice(0, 500), /cut short/u],
    ['a keystore cut short', () => fromHex('feedfeed0000000200000001'), /byte 12 is cut short/u],
    [
      'a keystore of a million entries',
      () => fromHex('feedfeed00000002000f4240'),
      /over 1000 entries/u,
    ],
    ['a keystore of another version', () => fromHex('feedfeed0000000700000000'), /version 7/u],
    ['ten thousand levels', () => nested(10_000), /nothing that zmint knows|nested deeper/u],
    [
      'ten thousand levels without length',
      () => Buffer.from('3080'.repeat(10_000), 'hex'),
      /nested deeper|cut short/u,
    ],
    ['a huge length', () => fromHex('3084ffffffff3003020103'), /cut short/u],
    [
      'a length of nine octets',
      () => fromHex('3089ffffffffffffffffff30'),
      /more than four octets/u,
    ],
    ['a block without end', () => '-----BEGIN CERTIFICATE-----\nMIIB\n', /has no end/u],
    ['another end', () => '-----BEGIN A-----\nMIIB\n-----END B-----\n', /another label/u],
    [
      'a character that is no base64',
      () => '-----BEGIN CERTIFICATE-----\nMI*B\n-----END CERTIFICATE-----\n',
      /line 2 is not base64/u,
    ],
    [
      'a signed message of something else',
      () =>
        writeSequence(
          writeOid('1.2.840.113549.1.7.3'),
          writeExplicit(0, writeSequence(writeUnsigned(Uint8Array.of(0)))),
        ),
      /an enveloped message/u,
    ],
    [
      'an odd time',
      () =>
        buildCertificate({
          validity: writeSequence(
            writeDer(0x17, encodeUtf8('269999999999Z')),
            writeDer(0x17, encodeUtf8('270101000000Z')),
          ),
        }),
      /notBefore is no date/u,
    ],
    [
      'a string that is no UTF-8',
      () =>
        buildCertificate({
          subject: writeSequence(
            writeDer(0x31, writeSequence(writeOid('2.5.4.3'), writeDer(12, fromHex('fffe')))),
          ),
        }),
      /not UTF-8/u,
    ],
    [
      'a serial number of 30 octets',
      () => buildCertificate({ serial: writeUnsigned(new Uint8Array(30).fill(1)) }),
      /more than 20 octets/u,
    ],
  ])('%s', async (_what, make, message) => {
    const { err, status } = await inspect(make());
    expect(err).toMatch(message);
    expect(err).toContain(at('odd'));
    expect(status).toBe(20);
  });

  test('a wrong MAC under the right passphrase is damage', async () => {
    const bytes = bytesOf('rsa.p12');
    const { err, status } = await inspect(
      changed(bytes, bytes.length - 40),
      '--passphrase-file',
      at('in.pw'),
    );
    expect(err).toMatch(/its MAC is wrong although the passphrase is right/u);
    expect(status).toBe(20);
  });

  test('a tebibyte, which nobody could read, is refused by its size', async () => {
    writeFileSync(at('vast'), '-----BEGIN CERTIFICATE-----\n');
    truncateSync(at('vast'), 2 ** 40);
    const { status, err } = await runZmint('cert', 'inspect', at('vast'));
    expect(status).toBe(20);
    expect(err).toMatch(/more than \d+ bytes/u);
  });

  test('a device without end is refused after what a file may have', async () => {
    const { status, err } = await runZmint('cert', 'inspect', '/dev/zero');
    expect(status).toBe(20);
    expect(err).toMatch(/^zmint: error: \/dev\/zero has more than \d+ bytes$/mu);
  });

  test.each([
    ['scrypt for a gigabyte', 'scrypt'],
    ['a billion rounds of PBKDF2', 'pbkdf2'],
  ])('%s is refused', async (_what, kind) => {
    const salt = fromHex('04080102030405060708');
    const kdf =
      kind === 'scrypt'
        ? writeSequence(
            writeOid('1.3.6.1.4.1.11591.4.11'),
            writeSequence(salt, fromHex('0203100000'), fromHex('020108'), fromHex('020101')),
          )
        : writeSequence(
            writeOid('1.2.840.113549.1.5.12'),
            writeSequence(salt, fromHex('02043b9aca00')),
          );
    const aes = writeSequence(writeOid('2.16.840.1.101.3.4.1.42'), writeDer(4, new Uint8Array(16)));
    const algorithm = writeSequence(writeOid('1.2.840.113549.1.5.13'), writeSequence(kdf, aes));
    const key = writeSequence(algorithm, writeDer(4, new Uint8Array(64)));
    const { err, status } = await inspect(key, '--passphrase-file', at('in.pw'));
    expect(err).toMatch(/asks for more work than zmint does/u);
    expect(status).toBe(20);
  });
});

function changed(bytes: Uint8Array, index: number): Uint8Array {
  const copy = bytes.slice();
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}
