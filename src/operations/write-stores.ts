import { concatBytes, equalBytes } from '../encoding/bytes.js';
import { writeSequence } from '../encoding/der-writer.js';
import { fromHex } from '../encoding/hex.js';
import type { Passphrase } from '../ports/container-crypto.js';
import type { FormatContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { EncryptionMethod } from '../x509/encryption-method.js';
import {
  keystoreDigestInput,
  protectKey,
  writeKeystoreBody,
  type KeystoreEntry,
} from '../x509/jks.js';
import {
  METHOD_RANDOM_OCTETS,
  modernMethod,
  oldMethod,
  writeShroudedKey,
} from '../x509/write-encryption-method.js';
import {
  writeCertificateBag,
  writeClearPart,
  writeEncryptedPart,
  writeKeyBag,
  writePfx,
} from '../x509/write-pkcs12.js';
import type { StoreEntries } from './key-entries.js';

/** How a PKCS#12 is to be protected. */
export interface Pkcs12Protection {
  /** Null: certificates in clear and no MAC; only for files without keys. */
  readonly passphrase: Passphrase;
  /** Triple DES and SHA-1, for readers that know nothing newer. */
  readonly legacy: boolean;
}

const SALT_OCTETS = 16;
const JKS_SALT_OCTETS = 20;
const MODERN_MAC_ROUNDS = 200_000;
const OLD_MAC_ROUNDS = 50_000;

/**
 * A PKCS#12 of these entries: PBES2 with AES-256 and PBKDF2 (600,000 rounds of HMAC-SHA256) and a MAC
 * of HMAC-SHA256, or triple DES and SHA-1 for old readers. Java finds every entry in it.
 */
export async function writePkcs12(
  ctx: Pick<FormatContext, 'containers' | 'digest' | 'random'>,
  { keys, certificates }: StoreEntries,
  protection: Pkcs12Protection,
): Promise<Uint8Array> {
  const keyBags: Uint8Array[] = [];
  const bags: Uint8Array[] = [];
  const written: Certificate[] = [];
  for (const { alias, pkcs8, chain } of keys) {
    const [own, ...issuers] = chain;
    if (own === undefined) continue;
    const localKeyId = fromHex(ctx.digest.sha1(own.der));
    const attributes = { alias, localKeyId, javaTrusted: false };
    const method = newMethod(ctx, protection);
    const data = await ctx.containers.encrypt(method, pkcs8, protection.passphrase);
    keyBags.push(writeKeyBag(writeShroudedKey(method, data), attributes));
    bags.push(writeCertificateBag(own.der, attributes));
    written.push(own);
    for (const { der } of issuers.filter(
      (one) => !written.some((old) => equalBytes(old.der, one.der)),
    )) {
      bags.push(writeCertificateBag(der, { alias: null, localKeyId: null, javaTrusted: false }));
    }
    written.push(...issuers);
  }
  for (const { alias, certificate } of certificates) {
    const attributes = { alias, localKeyId: null, javaTrusted: true };
    bags.push(writeCertificateBag(certificate.der, attributes));
  }
  return protect(ctx, { keyBags, bags }, protection);
}

interface Bags {
  readonly keyBags: readonly Uint8Array[];
  readonly bags: readonly Uint8Array[];
}

async function protect(
  ctx: Pick<FormatContext, 'containers' | 'random'>,
  { keyBags, bags }: Bags,
  protection: Pkcs12Protection,
): Promise<Uint8Array> {
  const { passphrase, legacy } = protection;
  const keyParts = keyBags.length === 0 ? [] : [writeClearPart(keyBags)];
  if (passphrase === null) return writePfx(writeSequence(writeClearPart(bags), ...keyParts), null);
  const method = newMethod(ctx, protection);
  const data = await ctx.containers.encrypt(method, writeSequence(...bags), passphrase);
  const safe = writeSequence(writeEncryptedPart(method, data), ...keyParts);
  const hash = legacy ? 'sha1' : 'sha256';
  const derivation = {
    kind: 'pkcs12',
    hash,
    salt: ctx.random.bytes(SALT_OCTETS),
    iterations: legacy ? OLD_MAC_ROUNDS : MODERN_MAC_ROUNDS,
  } as const;
  const mac = { hash, derivation, keyLength: legacy ? 20 : 32 } as const;
  const digest = await ctx.containers.mac(mac, safe, passphrase);
  return writePfx(safe, { ...mac, digest });
}

function newMethod(
  { random }: Pick<FormatContext, 'random'>,
  { legacy }: Pkcs12Protection,
): EncryptionMethod {
  const octets = random.bytes(METHOD_RANDOM_OCTETS);
  return legacy ? oldMethod(octets) : modernMethod(octets);
}

/** A JKS of these entries, keys and store under one passphrase. `now` becomes the date of each entry. */
export function writeJks(
  { containers, random }: Pick<FormatContext, 'containers' | 'random'>,
  { keys, certificates }: StoreEntries,
  { passphrase, now }: { readonly passphrase: Uint8Array; readonly now: number },
): Uint8Array {
  const created = BigInt(now) * 1000n;
  const sha1 = (data: Uint8Array): Uint8Array => containers.sha1(data);
  const entries = [
    ...keys.map(({ alias, pkcs8, chain }): KeystoreEntry => {
      const salt = random.bytes(JKS_SALT_OCTETS);
      const data = protectKey(pkcs8, passphrase, { salt, sha1 });
      const encryptedKey = writeShroudedKey({ kind: 'jks' }, data);
      const content = { kind: 'key', encryptedKey, chain: chain.map(({ der }) => der) } as const;
      return { alias: alias.toLowerCase(), created, content };
    }),
    ...certificates.map(({ alias, certificate }): KeystoreEntry => {
      const content = { kind: 'certificate', der: certificate.der } as const;
      return { alias: alias.toLowerCase(), created, content };
    }),
  ];
  const body = writeKeystoreBody(entries);
  return concatBytes([body, sha1(keystoreDigestInput(passphrase, body))]);
}
