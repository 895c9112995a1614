import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  scryptSync,
  sign,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from '../../src/zone/member.js';
import { withReader } from './zone-state.js';

/** What is known of a zone whose CA role is looked at. */
export interface RoleQuestion {
  /** Undefined: the zone has none. */
  readonly passphrase?: string;
  /** Recovered: no copy of a key lies anywhere but with the holder. */
  readonly settled: boolean;
}

/**
 * Looks at who holds the CA role by eyes of its own (node:fs and node:crypto, no code of zmint but
 * the reader of the records): exactly one server has it, it has the key of every generation that
 * can still sign, each opens with the passphrase and signs what its certificate verifies. Returns
 * the name of the holder; throws with the fact that is broken.
 */
export async function checkCaRole(zoneHome: string, question: RoleQuestion): Promise<string> {
  return withReader(zoneHome, async (reader) => {
    const { caMemberId } = await reader.zone();
    const members = await reader.members();
    const holder = members.find(({ id }) => id === caMemberId);
    if (holder === undefined) throw new Error('nobody has the CA role');
    const authorities = await reader.authorities();
    const alive = authorities.filter(
      ({ kind, state }) => kind === 'internal' && state !== 'cancelled' && state !== 'retired',
    );
    if (alive.length === 0) throw new Error('the zone has no key of a CA');
    for (const { generation, keyMemberId, spkiSha256, certificate } of alive) {
      if (keyMemberId !== caMemberId) throw new Error(`generation ${generation} is with another`);
      const first = authorities.find((one) => one.spkiSha256 === spkiSha256)?.generation;
      const file = join(homeOf(zoneHome, holder), 'certificate-authority', `${first}`, 'key.enc');
      const [der] = await reader.der([certificate]);
      checkKey(openKeyFile(file, zoneHome, question.passphrase), der ?? new Uint8Array(), file);
    }
    if (question.settled)
      for (const member of members) if (member !== holder) refuseKeys(homeOf(zoneHome, member));
    return holder.name;
  });
}

interface ScryptFacts {
  readonly name: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
}

interface KeyFile {
  readonly header: {
    readonly kdf: ScryptFacts | { readonly name: 'file' };
    readonly nonce: string;
  };
  readonly ciphertext: string;
  readonly tag: string;
}

/** Opens a key file as `docs/reference/key-file.md` says. */
export function openKeyFile(file: string, zoneHome: string, passphrase?: string): KeyObject {
  if ((lstatSync(file).mode & 0o177) !== 0) throw new Error(`${file} is open to others`);
  const { header, ciphertext, tag } = JSON.parse(readFileSync(file, 'utf8')) as KeyFile;
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const key =
    header.kdf.name === 'file'
      ? readFileSync(join(zoneHome, 'ca.unlock'))
      : scryptKey(header.kdf, passphrase ?? '');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(header.nonce));
  decipher.setAAD(Buffer.from(JSON.stringify(header), 'utf8'));
  decipher.setAuthTag(bytes(tag));
  const der = Buffer.concat([decipher.update(bytes(ciphertext)), decipher.final()]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function scryptKey({ N, r, p, salt }: ScryptFacts, passphrase: string): Buffer {
  return scryptSync(passphrase, Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r });
}

function checkKey(key: KeyObject, certificate: Uint8Array, file: string): void {
  const { publicKey } = new X509Certificate(certificate);
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const text = Buffer.from('a test');
  if (!verify(algorithm, text, publicKey, sign(algorithm, text, key)))
    throw new Error(`${file} does not hold the key of its certificate`);
}

/** No file of the CA, also under a temporary name, lies in the home. */
function refuseKeys(home: string): void {
  const folder = join(home, 'certificate-authority');
  if (!existsSync(folder)) return;
  const left = readdirSync(folder);
  if (left.length > 0) throw new Error(`${folder} still holds ${left.join(', ')}`);
}

function homeOf(zoneHome: string, { home, name }: Member): string {
  return home ?? join(zoneHome, 'servers', name);
}

/** SHA-256 of the public key of a key file, as the records have it. */
export function spkiOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}
