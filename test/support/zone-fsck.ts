import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What an independent reader sees of one server's live set. */
export interface SeenServer {
  readonly live: string;
  readonly leaf: string;
  readonly chain: readonly string[];
  readonly trust: readonly string[];
}

/**
 * Checks a member's home by eyes of its own (node:fs and node:crypto, no code of zmint): `live`
 * points to a complete generation whose key fits its certificate and whose chain reaches a root of
 * its own bundle (I-1), all files are private (I-20). Throws with the fact that is broken.
 */
export function checkHome(home: string, at: Date): SeenServer {
  const link = join(home, 'security/live');
  const target = readlinkSync(link);
  if (!/^generations\/\d+$/u.test(target)) throw new Error(`${link} points to ${target}`);
  return { live: target, ...checkSet(join(home, 'security', target), at) };
}

/** Checks one set of a server in the same way, wherever it lies. */
export function checkSet(folder: string, at: Date): Omit<SeenServer, 'live'> {
  const chain = certificatesOf(join(folder, 'server.cer'));
  const trust = certificatesOf(join(folder, 'ca.cert'));
  const [leaf] = chain;
  if (leaf === undefined) throw new Error(`${folder}/server.cer holds no certificate`);
  const spki = spkiOf(leaf);
  for (const name of ['key.pem', 'key.der']) {
    if (publicKeyOf(readFileSync(join(folder, name), 'base64')) !== spki)
      throw new Error(`${folder}: key and certificate differ`);
  }
  if (!reachesRoot(leaf, chain.slice(1), trust, at))
    throw new Error(`${folder}: the chain reaches no root of ca.cert`);
  for (const name of readdirSync(folder)) refuseWide(join(folder, name));
  return {
    leaf: print(leaf),
    chain: chain.slice(1).map(print),
    trust: trust.map(print),
  };
}

/** Checks the set of a device, which only trusts; returns its roots. */
export function checkTrustSet(folder: string): readonly string[] {
  const names = readdirSync(folder);
  if (names.join() !== 'ca.cert') throw new Error(`${folder} holds ${names.join(', ')}`);
  const trust = certificatesOf(join(folder, 'ca.cert')).map(print);
  if (trust.length === 0) throw new Error(`${folder}/ca.cert holds no certificate`);
  return trust;
}

/** Whether a client that trusts only these roots accepts the chain at the instant (openssl decides). */
export function opensslAccepts(
  roots: readonly string[],
  chainPem: string,
  folder: string,
  at: Date,
): boolean {
  const blocks =
    chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/gu) ?? [];
  const [leaf, ...rest] = blocks;
  const write = (name: string, text: string): string => {
    execFileSync('sh', ['-c', 'cat > "$1"', 'sh', join(folder, name)], { input: text });
    return join(folder, name);
  };
  const args = [
    'verify',
    '-x509_strict',
    '-attime',
    String(Math.floor(at.getTime() / 1000)),
    '-CAfile',
    write('roots.pem', roots.join('')),
  ];
  if (rest.length > 0) args.push('-untrusted', write('chain.pem', rest.join('')));
  try {
    execFileSync('openssl', [...args, write('leaf.pem', leaf ?? '')], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Every file below a folder with its bytes, and every link with its target: to compare two moments. */
export function picture(folder: string): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const inner = join(path, name);
      const facts = lstatSync(inner);
      if (facts.isSymbolicLink()) seen.set(inner, `-> ${readlinkSync(inner)}`);
      else if (facts.isDirectory()) walk(inner);
      else seen.set(inner, readFileSync(inner).toString('base64'));
    }
  };
  if (existsSync(folder)) walk(folder);
  return seen;
}

function certificatesOf(path: string): readonly X509Certificate[] {
  const blocks =
    readFileSync(path, 'latin1').match(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu,
    ) ?? [];
  return blocks.map(parsed);
}

/** Remembers what a function makes of a text: rounds by the thousand look at the same few files. */
function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, made);
    return made;
  };
}

const REMEMBERED = 1000;

const parsed = remembered((block) => new X509Certificate(block));

const publicKeyOf = remembered((base64) => {
  const bytes = Buffer.from(base64, 'base64');
  const isPem = bytes.includes('-----BEGIN');
  const key = isPem
    ? createPrivateKey(bytes)
    : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
});

const spkis = new WeakMap<X509Certificate, string>();

function spkiOf(certificate: X509Certificate): string {
  const before = spkis.get(certificate);
  if (before !== undefined) return before;
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  spkis.set(certificate, spki);
  return spki;
}

const issuers = new WeakMap<X509Certificate, WeakMap<X509Certificate, boolean>>();

/** Names, key identifiers and signature; not the instants. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  const known = issuers.get(certificate) ?? new WeakMap<X509Certificate, boolean>();
  issuers.set(certificate, known);
  const before = known.get(issuer);
  if (before !== undefined) return before;
  const issued = certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  known.set(issuer, issued);
  return issued;
}

function reachesRoot(
  leaf: X509Certificate,
  chain: readonly X509Certificate[],
  trust: readonly X509Certificate[],
  at: Date,
): boolean {
  const valid = (one: X509Certificate): boolean =>
    new Date(one.validFrom) <= at && at <= new Date(one.validTo);
  if (!valid(leaf)) return false;
  if (trust.some((root) => valid(root) && isIssuedBy(leaf, root))) return true;
  return chain.some(
    (next, index) =>
      isIssuedBy(leaf, next) && reachesRoot(next, chain.toSpliced(index, 1), trust, at),
  );
}

function refuseWide(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0 && path.includes('key'))
    throw new Error(`${path} has mode ${mode.toString(8)}`);
}

function print(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
