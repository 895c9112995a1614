import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../src/zone/instant.js';
import { stamp } from './placed-pki.js';
import { temporaryFolder } from './temporary-folder.js';
import { NOON } from './test-zone.js';
import { toolEnvironment } from './tools.js';

/** How a request is to be signed; what is left out is as a public CA does it. */
export interface SigningWish {
  /** `root`, `intermediate`, `stranger`, or one that `authority` made. */
  readonly by?: string;
  /** As openssl wants a time; see `stamp`. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly eku?: string;
  readonly ca?: boolean;
  /** Instead of the names in the request. */
  readonly names?: string;
  /** Lines of extensions instead of all those that are usual. */
  readonly extensions?: string;
  /** `sha256` unless given. */
  readonly digest?: string;
  /** `match`: as openssl's `policy_match`, O, C and ST must be those of the signer; `any` unless given. */
  readonly policy?: 'any' | 'match';
}

/** An external CA as others run it: a root, an intermediate that signs servers, and a stranger. */
export interface ExternalCa {
  readonly folder: string;
  /** PEM. */
  readonly root: string;
  readonly intermediate: string;
  readonly stranger: string;
  /** What `openssl ca` signs of a request in PEM; the certificate alone, PEM. */
  sign(csr: string, wish?: SigningWish): string;
  /** Makes one more CA below the root, which then can sign; its certificate, PEM. The subject as `openssl req` takes it. */
  authority(name: string, wish: SigningWish, subject?: string): string;
  /** Any call of openssl in the CA's folder. */
  openssl(...args: readonly string[]): Buffer;
}

const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
const IDS = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';

/**
 * Makes the CA with the openssl of the system. Its certificates are valid from the day before `now` for
 * ten years, those of servers for 300 days; `now` is the clock of tests unless given.
 */
export function makeExternalCa(now: Instant = NOON): ExternalCa {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder, env: toolEnvironment(), stdio: 'pipe' });
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), '5a00000000000000000000000000000001\n');
  writeFileSync(at('ca.cnf'), configuration(folder));
  let count = 0;
  const signFile = (csr: string, extensions: string, wish: SigningWish): string => {
    count += 1;
    const by = wish.by ?? 'intermediate';
    writeFileSync(at(`${count}.csr`), csr);
    writeFileSync(at(`${count}.ext`), extensions);
    openssl(
      ...['ca', '-batch', '-notext', '-config', 'ca.cnf'],
      ...['-cert', `${by}.pem`, '-keyfile', `${by}.key`, '-in', `${count}.csr`],
      ...['-extfile', `${count}.ext`, '-out', `${count}.pem`, '-md', wish.digest ?? 'sha256'],
      ...['-policy', wish.policy ?? 'any'],
      ...['-startdate', wish.notBefore ?? stamp(-86_400, now)],
      ...['-enddate', wish.notAfter ?? stamp(300 * 86_400, now)],
    );
    return readFileSync(at(`${count}.pem`), 'latin1');
  };
  for (const name of ['root', 'stranger']) makeRoot({ openssl, at, now }, name);
  makeKeyAndRequest(openssl, 'intermediate', '/O=Example Trust/CN=Issuing CA 1');
  const intermediate = signFile(readFileSync(at('intermediate.csr'), 'latin1'), CA + IDS, {
    by: 'root',
    notAfter: stamp(3650 * 86_400, now),
  });
  writeFileSync(at('intermediate.pem'), intermediate);
  return {
    folder,
    openssl,
    root: readFileSync(at('root.pem'), 'latin1'),
    stranger: readFileSync(at('stranger.pem'), 'latin1'),
    intermediate,
    sign: (csr, wish = {}) => signFile(csr, extensionsOf(wish), wish),
    authority: (name, wish, subject = `/O=Example Trust/CN=Example ${name}`) => {
      makeKeyAndRequest(openssl, name, subject);
      const signed = signFile(readFileSync(at(`${name}.csr`), 'latin1'), extensionsOf(wish), {
        by: 'root',
        ...wish,
      });
      writeFileSync(at(`${name}.pem`), signed);
      return signed;
    },
  };
}

type OpenSsl = ExternalCa['openssl'];

interface RootPlace {
  readonly openssl: OpenSsl;
  readonly at: (name: string) => string;
  readonly now: Instant;
}

function makeRoot({ openssl, at, now }: RootPlace, name: string): void {
  makeKeyAndRequest(openssl, name, `/O=Example Trust/CN=Example ${name}`);
  writeFileSync(at(`${name}.ext`), CA + IDS);
  openssl(
    ...['ca', '-batch', '-notext', '-selfsign', '-config', 'ca.cnf', '-keyfile', `${name}.key`],
    ...['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    ...['-startdate', stamp(-86_400, now), '-enddate', stamp(3650 * 86_400, now)],
  );
}

function makeKeyAndRequest(openssl: OpenSsl, name: string, subject: string): void {
  const curve = ['-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl('genpkey', '-algorithm', 'ec', ...curve, '-out', `${name}.key`);
  openssl('req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
}

/** Names and nothing else are taken over from the request, as careful CAs do. */
function extensionsOf(wish: SigningWish): string {
  if (wish.extensions !== undefined) return wish.extensions + IDS;
  if (wish.ca === true) return CA + IDS;
  const usage = 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n';
  const eku = `extendedKeyUsage=${wish.eku ?? 'serverAuth'}\n`;
  const names = wish.names === undefined ? '' : `subjectAltName=${wish.names}\n`;
  return usage + eku + IDS + names;
}

function configuration(folder: string): string {
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
copy_extensions=copy
[any]
countryName=optional
stateOrProvinceName=optional
localityName=optional
organizationName=optional
organizationalUnitName=optional
commonName=optional
[match]
countryName=match
stateOrProvinceName=match
organizationName=match
organizationalUnitName=optional
commonName=supplied
`;
}
