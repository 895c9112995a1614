import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import { toolEnvironment } from './tools.js';

/** A set as a person gets it from somewhere. */
export interface ForeignSet {
  /** PEM, the leaf first. */
  readonly certificates: readonly string[];
  /** PKCS#8 DER. */
  readonly key: Buffer;
}

export interface LeafWish {
  readonly dnsName: string;
  /** `zone` when nothing is said. */
  readonly by?: 'zone' | 'intermediate' | 'stranger';
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly eku?: string;
  readonly ca?: boolean;
  readonly rsa?: number;
}

/** Certificates that openssl makes with the CA key of a zone. */
export interface PlacedPki {
  readonly intermediate: string;
  leaf(wish: LeafWish): ForeignSet;
}

const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
const IDS = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';

/**
 * Recovers the CA key of a zone without passphrase as its reference says, and signs with it. Unless told
 * otherwise certificates are valid from an hour before `now`, the wall clock unless given, for a day.
 */
export function makePlacedPki(zoneHome: string, now = Date.now() / 1000): PlacedPki {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder, env: toolEnvironment(), stdio: 'pipe' });
  const authority = join(zoneHome, 'servers/ca1/certificate-authority/1');
  const script = resolve('docs/reference/recover-ca-key.mjs');
  const keyFiles = [join(authority, 'key.enc'), join(zoneHome, 'ca.unlock')];
  writeFileSync(at('zone.key'), execFileSync(process.execPath, [script, ...keyFiles]));
  writeFileSync(at('zone.pem'), readFileSync(join(authority, 'ca.cert')));
  let count = 0;
  const make = (wish: LeafWish & { readonly extensions: string }): string => {
    count += 1;
    const name = `c${count}`;
    const kind = wish.rsa === undefined ? 'ec' : 'rsa';
    const size = wish.rsa === undefined ? 'ec_paramgen_curve:P-256' : `rsa_keygen_bits:${wish.rsa}`;
    openssl('genpkey', '-algorithm', kind, '-pkeyopt', size, '-out', `${name}.key`);
    const subject = `/CN=${wish.dnsName}`;
    openssl('req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
    writeFileSync(at(`${name}.ext`), wish.extensions);
    const by = wish.by ?? 'zone';
    writeFileSync(at(`${name}.cnf`), caConfiguration(folder));
    openssl(
      ...['ca', '-batch', '-notext', '-config', `${name}.cnf`],
      ...['-cert', `${by}.pem`, '-keyfile', `${by}.key`, '-in', `${name}.csr`],
      ...['-extfile', `${name}.ext`, '-out', `${name}.pem`],
      ...['-startdate', wish.notBefore ?? stamp(-3600, now)],
      ...['-enddate', wish.notAfter ?? stamp(86_400, now)],
    );
    return name;
  };
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), `5a${randomBytes(16).toString('hex')}\n`);
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-keyout', 'stranger.key', '-subj', '/CN=Stranger', '-out', 'stranger.pem'],
  );
  const middle = make({ dnsName: 'Middle', extensions: CA + IDS });
  for (const end of ['key', 'pem'])
    writeFileSync(at(`intermediate.${end}`), readFileSync(at(`${middle}.${end}`)));
  const intermediate = readFileSync(at('intermediate.pem'), 'latin1');
  return {
    intermediate,
    leaf: (wish) => {
      const name = make({ ...wish, extensions: leafExtensions(wish) });
      const key = ['-in', `${name}.key`, '-outform', 'DER', '-nocrypt'];
      return {
        certificates: [
          readFileSync(at(`${name}.pem`), 'latin1'),
          ...(wish.by === 'intermediate' ? [intermediate] : []),
        ],
        key: openssl('pkcs8', '-topk8', ...key),
      };
    },
  };
}

/** A PEM certificate as DER. */
export function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/gu, ''), 'base64');
}

/** PKCS#7 without a signature that carries these. */
export function pkcs7Of(certificates: readonly string[], form: 'PEM' | 'DER'): Buffer {
  const file = join(temporaryFolder(), 'all.pem');
  writeFileSync(file, certificates.join(''));
  const args = ['crl2pkcs7', '-nocrl', '-certfile', file, '-outform', form];
  return execFileSync('openssl', args, { env: toolEnvironment() });
}

function leafExtensions(wish: LeafWish): string {
  if (wish.ca === true) return CA + IDS;
  const eku = `extendedKeyUsage=${wish.eku ?? 'serverAuth'}\n`;
  const usage = 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n';
  return `${usage}${eku}${IDS}subjectAltName=DNS:${wish.dnsName}\n`;
}

function caConfiguration(folder: string): string {
  return `[ca]
default_ca=one
[one]
database=${folder}/index.txt
new_certs_dir=${folder}
serial=${folder}/serial
default_md=sha256
policy=any
unique_subject=no
email_in_dn=no
[any]
commonName=supplied
`;
}

/** A time so many seconds from `from`, the wall clock unless given, as openssl wants it. */
export function stamp(seconds: number, from = Date.now() / 1000): string {
  const text = new Date((from + seconds) * 1000).toISOString();
  return text.replace(/\.\d+|[-:T]/gu, '');
}
