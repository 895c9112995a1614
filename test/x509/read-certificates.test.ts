import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { concatBytes } from '../../src/encoding/bytes.js';
import { constructedTag } from '../../src/encoding/der-tag.js';
import {
  writeDer,
  writeExplicit,
  writeOid,
  writeSequence,
  writeSetOf,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { encodePem } from '../../src/encoding/pem.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { readCertificates } from '../../src/x509/read-certificates.js';
import { keys, makeLeaf, makeRoot } from '../support/issue-for-test.js';
import { refusalOf } from '../support/refusal-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { costOf } from '../support/cpu-time.js';

const openssl = requireTool('openssl') ? test : test.skip;
const keytool = requireTool('keytool') ? test : test.skip;
const NAME = 'server.cer';
let leaf: Uint8Array;
let root: Uint8Array;
let chain: string;
let privateKey: string;

beforeAll(async () => {
  const ca = await makeRoot('CA');
  const server = await makeLeaf('web1', ca);
  leaf = server.certificate.der;
  root = ca.certificate.der;
  chain = pem(leaf) + pem(root);
  privateKey = new TextDecoder().decode(keys.pem(server.pair.pkcs8));
});

function pem(der: Uint8Array, label = 'CERTIFICATE'): string {
  return encodePem(label, der);
}

function pkcs7(certificates: readonly Uint8Array[], type = '1.2.840.113549.1.7.2'): Uint8Array {
  const signedData = writeSequence(
    writeUnsigned(Uint8Array.of(1)),
    writeSetOf(),
    writeSequence(writeOid('1.2.840.113549.1.7.1')),
    ...(certificates.length === 0 ? [] : [writeDer(constructedTag(0), ...certificates)]),
    writeSetOf(),
  );
  return writeSequence(writeOid(type), writeExplicit(0, signedData));
}

const read = (bytes: Uint8Array): readonly Uint8Array[] =>
  readCertificates(bytes, NAME).map(({ der }) => der);

describe('what is read', () => {
  test.each<[string, () => Uint8Array, () => readonly Uint8Array[]]>([
    ['PEM, in its order', () => encodeUtf8(chain), () => [leaf, root]],
    [
      'PEM with text around',
      () => encodeUtf8(`subject=CN = web1\n${chain}---\n`),
      () => [leaf, root],
    ],
    [
      'PEM with Latin-1 around',
      () => concatBytes([fromHex('e9e80a'), encodeUtf8(chain)]),
      () => [leaf, root],
    ],
    [
      'PEM that begins with a zero',
      () => encodeUtf8(`0 s:CN = web1\n${chain}`),
      () => [leaf, root],
    ],
    ['PEM with a byte order mark', () => encodeUtf8(`\uFEFF${chain}`), () => [leaf, root]],
    ['PEM of Windows', () => encodeUtf8(chain.replaceAll('\n', '\r\n')), () => [leaf, root]],
    ['PEM with a private key', () => encodeUtf8(privateKey + chain), () => [leaf, root]],
    ['the old label', () => encodeUtf8(pem(leaf, 'X509 CERTIFICATE')), () => [leaf]],
    ['DER', () => leaf, () => [leaf]],
    ['PKCS#7 in DER', () => pkcs7([leaf, root]), () => [leaf, root]],
    ['PKCS#7 in PEM', () => encodeUtf8(pem(pkcs7([root, leaf]), 'PKCS7')), () => [root, leaf]],
    ['PKCS#7 labelled CMS', () => encodeUtf8(pem(pkcs7([leaf]), 'CMS')), () => [leaf]],
    ['PKCS#7 labelled CERTIFICATE', () => encodeUtf8(pem(pkcs7([leaf]))), () => [leaf]],
    ['a certificate labelled PKCS7', () => encodeUtf8(pem(leaf, 'PKCS7')), () => [leaf]],
    [
      'PKCS#7 of BER',
      () => concatBytes([fromHex('3080'), pkcs7([leaf]).subarray(4), fromHex('0000')]),
      () => [leaf],
    ],
    ['the same certificate twice', () => encodeUtf8(pem(leaf) + pem(leaf)), () => [leaf, leaf]],
  ])('%s', (_what, bytes, ders) => {
    expect(read(bytes())).toEqual(ders());
  });
});

describe('what is refused, with file, block and fact', () => {
  test.each<[string, () => Uint8Array, RegExp]>([
    ['nothing', () => new Uint8Array(), /^server\.cer: it is empty$/u],
    ['text', () => encodeUtf8('hello'), /^server\.cer: it is neither PEM nor DER$/u],
    ['UTF-16', () => Uint8Array.from(Buffer.from(chain, 'utf16le')), /neither PEM nor DER/u],
    ['a key alone', () => encodeUtf8(privateKey), /^server\.cer: it has no certificate$/u],
    [
      'a damaged second block',
      () => encodeUtf8(pem(leaf) + pem(root.slice(0, -1))),
      /^server\.cer: block 2 \(line \d+\): no canonical DER at byte 0: it is cut short$/u,
    ],
    [
      'a damaged line',
      () => encodeUtf8(chain.replace('MII', 'M*I')),
      /^server\.cer: line 2 is not base64$/u,
    ],
    [
      'a block without end',
      () => encodeUtf8(chain.trimEnd().slice(0, -5)),
      /^server\.cer: line \d+ is a damaged PEM boundary$/u,
    ],
    [
      'DER with a byte behind',
      () => concatBytes([leaf, fromHex('0a')]),
      /^server\.cer: no canonical DER at byte \d+: there are bytes behind the end$/u,
    ],
    ['two certificates in DER', () => concatBytes([leaf, root]), /bytes behind the end/u],
    [
      'a certificate with trust settings',
      () => encodeUtf8(pem(concatBytes([leaf, fromHex('3000')]), 'TRUSTED CERTIFICATE')),
      /it has no certificate/u,
    ],
    [
      'PKCS#7 without certificates',
      () => encodeUtf8(pem(pkcs7([]), 'PKCS7')),
      /^server\.cer: it has no certificate$/u,
    ],
    [
      'PKCS#7 of data',
      () => pkcs7([leaf], '1.2.840.113549.1.7.1'),
      /holds data and no certificates/u,
    ],
    [
      'PKCS#7 with another kind',
      () => pkcs7([writeDer(constructedTag(1), leaf)]),
      /of another kind than X\.509/u,
    ],
    [
      'PKCS#7 with a damaged one',
      () => pkcs7([leaf, writeSequence(leaf)]),
      /^server\.cer: certificate 2: .*signatureAlgorithm/u,
    ],
    [
      'a private key in DER',
      () => writeSequence(fromHex('020100'), writeSequence(), writeDer(4, new Uint8Array(200))),
      /^server\.cer: no canonical DER/u,
    ],
    ['over 4 MiB', () => new Uint8Array(4_194_305), /more than 4194304 bytes/u],
    ['1001 certificates', () => encodeUtf8(pem(leaf).repeat(1001)), /more than 1000 certificates/u],
    [
      '1001 certificates in PKCS#7',
      () => pkcs7(new Array<Uint8Array>(1001).fill(leaf)),
      /more than 1000 certificates/u,
    ],
  ])('%s', (_what, bytes, message) => {
    const refusal = refusalOf(() => readCertificates(bytes(), NAME));
    expect(refusal.code).toBe('unreadable');
    expect(refusal.message).toMatch(message);
  });
});

test('a thousand certificates cost no more than a thousand times one', () => {
  const bytes = encodeUtf8(pem(leaf).repeat(1000));
  const spent = costOf(100, () => {
    expect(readCertificates(bytes, NAME)).toHaveLength(1000);
  });
  expect(spent).toBeLessThan(100);
});

openssl('what openssl makes of them is read: text, PKCS#7 in PEM and DER, DER', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const run = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, env: toolEnvironment() });
  };
  writeFileSync(at('chain.pem'), chain);
  run('x509', '-in', 'chain.pem', '-text', '-out', 'text.pem');
  run('x509', '-in', 'chain.pem', '-outform', 'DER', '-out', 'leaf.der');
  run('crl2pkcs7', '-nocrl', '-certfile', 'chain.pem', '-out', 'p7.pem');
  run('crl2pkcs7', '-nocrl', '-certfile', 'chain.pem', '-outform', 'DER', '-out', 'p7.der');
  const file = (name: string): readonly Uint8Array[] =>
    read(Uint8Array.from(readFileSync(at(name))));
  expect(file('text.pem')).toEqual([leaf]);
  expect(file('leaf.der')).toEqual([leaf]);
  expect(file('p7.pem')).toEqual([leaf, root]);
  expect(file('p7.der')).toEqual([leaf, root]);
});

keytool('what keytool makes is read', () => {
  const folder = temporaryFolder();
  const store = ['-keystore', 'store.p12', '-storepass', 'changeit', '-alias', 'server'];
  const run = (...args: readonly string[]): void => {
    execFileSync('keytool', args, { cwd: folder, env: toolEnvironment(), stdio: 'pipe' });
  };
  const names = ['-dname', 'CN=web1, O="Example, Inc."', '-ext', 'san=dns:web1,ip:192.0.2.7'];
  run('-genkeypair', ...store, '-keyalg', 'EC', '-groupname', 'secp384r1', ...names);
  run('-exportcert', ...store, '-rfc', '-file', 'java.pem');
  const [certificate] = readCertificates(
    Uint8Array.from(readFileSync(join(folder, 'java.pem'))),
    NAME,
  );
  expect(certificate).toMatchObject({
    key: 'ec:P-384',
    signatureAlgorithmName: 'ecdsa-with-SHA384',
    subject: { text: String.raw`CN=web1,O=Example\, Inc.` },
    dnsNames: ['web1'],
    ipAddresses: ['192.0.2.7'],
  });
});
