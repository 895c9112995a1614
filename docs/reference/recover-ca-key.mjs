// Opens a CA key file of zmint without zmint and prints the key as PKCS#8 PEM.
//   node recover-ca-key.mjs key.enc < passphrase-file > ca.key
//   node recover-ca-key.mjs key.enc ca.unlock > ca.key        (a zone without passphrase)
// Needs nothing but Node 20 or newer. The format is described in key-file.md.
import { createDecipheriv, createHash, createPrivateKey, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [keyFile, unlockFile] = process.argv.slice(2);
if (keyFile === undefined) fail('usage: node recover-ca-key.mjs KEY.ENC [CA.UNLOCK] < PASSPHRASE');

const { checksum, ciphertext, header, tag } = JSON.parse(readFileSync(keyFile, 'utf8'));
if (header.format !== 'zmint-key/1') fail(`the format ${header.format} is not known here`);

// The objects of the file are canonical already: keys in order, no white space.
const sum = createHash('sha256').update(JSON.stringify({ ciphertext, header, tag })).digest('hex');
if (sum !== checksum) fail('the file is damaged: its checksum is wrong');

const decipher = createDecipheriv('aes-256-gcm', aesKey(header.kdf), bytes(header.nonce));
decipher.setAAD(Buffer.from(JSON.stringify(header), 'utf8'));
decipher.setAuthTag(bytes(tag));
const der = decipher.update(bytes(ciphertext));
try {
  decipher.final();
} catch {
  fail('the file is whole, but this passphrase (or ca.unlock) does not open it');
}
const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
process.stdout.write(key.export({ format: 'pem', type: 'pkcs8' }));

function aesKey(kdf) {
  if (kdf.name === 'file') {
    return readFileSync(unlockFile ?? fail('this key needs the file ca.unlock of the zone home'));
  }
  const passphrase = readFileSync(0, 'utf8')
    .replace(/\r?\n$/u, '')
    .normalize('NFC');
  const { N, r, p } = kdf;
  return scryptSync(passphrase, bytes(kdf.salt), 32, { N, r, p, maxmem: 256 * N * r });
}

function bytes(base64) {
  return Buffer.from(base64, 'base64');
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
