import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import { toolEnvironment } from './tools.js';

export interface OpensslLeaf {
  readonly pem: string;
  readonly key: string;
}

/** A small PKI made by openssl alone: two generations of a CA and their cross-certificate. */
export interface OpensslZone {
  readonly oldRoot: string;
  readonly newRoot: string;
  /** The new CA's key certified by the old CA. */
  readonly newWithOld: string;
  /** A root that nothing of this zone leads to. */
  readonly strangerRoot: string;
  /** A P-256 server certificate for that DNS name. */
  leaf(by: 'old' | 'new', dnsName: string): OpensslLeaf;
}

const CA_EXTENSIONS = `basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
`;

/** Makes it in a temporary folder; takes some tenths of a second. */
export function makeOpensslZone(): OpensslZone {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { env: toolEnvironment(), cwd: folder, stdio: 'pipe' });
  };
  const request = (name: string, subject: string): void => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      'req',
      '-new',
      ...key,
      '-keyout',
      `${name}.key`,
      '-subj',
      subject,
      '-out',
      `${name}.csr`,
    );
  };
  const sign = (csr: string, out: string, how: readonly string[]): string => {
    openssl('x509', '-req', '-in', `${csr}.csr`, '-days', '30', '-out', `${out}.pem`, ...how);
    return readFileSync(at(`${out}.pem`), 'utf8');
  };
  const signedBy = (ca: string, extensions: string): readonly string[] => {
    return ['-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-extfile', extensions];
  };
  const root = (name: string, subject: string): string => {
    request(name, subject);
    return sign(name, name, ['-signkey', `${name}.key`, '-extfile', 'ca.ext']);
  };

  writeFileSync(at('ca.ext'), CA_EXTENSIONS);
  writeFileSync(at('cross.ext'), `${CA_EXTENSIONS}authorityKeyIdentifier=keyid\n`);
  const oldRoot = root('old', '/CN=Test Zone CA G1');
  const newRoot = root('new', '/CN=Test Zone CA G2');
  const strangerRoot = root('stranger', '/CN=Another CA');
  const newWithOld = sign('new', 'new-with-old', signedBy('old', 'cross.ext'));
  let leaves = 0;
  return {
    oldRoot,
    newRoot,
    newWithOld,
    strangerRoot,
    leaf: (by, dnsName) => {
      const name = `leaf-${(leaves += 1)}`;
      writeFileSync(at(`${name}.ext`), leafExtensions(dnsName));
      request(name, `/CN=${dnsName}`);
      const pem = sign(name, name, signedBy(by, `${name}.ext`));
      return { pem, key: readFileSync(at(`${name}.key`), 'utf8') };
    },
  };
}

/** SHA-256 of the DER in the first PEM block, hexadecimal. */
export function pemFingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Puts key and chain into a fresh folder under `home` and points `home/live` at it by one rename. */
export function putLive(home: string, key: string, chain: readonly string[]): string {
  const set = join(home, `set-${process.hrtime.bigint()}`);
  const live = join(home, 'live');
  mkdirSync(set, { mode: 0o700 });
  writeFileSync(join(set, 'server.cer'), chain.join(''));
  writeFileSync(join(set, 'key.pem'), key, { mode: 0o600 });
  symlinkSync(set, `${live}.new`);
  renameSync(`${live}.new`, live);
  return live;
}

function leafExtensions(dnsName: string): string {
  return `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:${dnsName}
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;
}
