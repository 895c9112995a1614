/** Hash functions in HMAC and in key derivation, by their names for node:crypto. */
export type HashName =
  'md2' | 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha512-224' | 'sha512-256';

/** How a passphrase becomes a key. */
export type KeyDerivation =
  /** RFC 8018 §5.2. */
  | {
      readonly kind: 'pbkdf2';
      readonly hash: HashName;
      readonly salt: Uint8Array;
      readonly iterations: number;
    }
  /** RFC 7914. */
  | {
      readonly kind: 'scrypt';
      readonly salt: Uint8Array;
      readonly cost: number;
      readonly blockSize: number;
      readonly parallel: number;
    }
  /** RFC 7292 appendix B; RFC 8018 §5.1; Sun's own of JCEKS. */
  | {
      readonly kind: 'pkcs12' | 'pbkdf1' | 'jceks';
      readonly hash: HashName;
      readonly salt: Uint8Array;
      readonly iterations: number;
    }
  /** EVP_BytesToKey with MD5 and one round: PEM with a DEK-Info header. */
  | { readonly kind: 'openssl'; readonly salt: Uint8Array };

/** Ciphers in CBC mode, and RC4. */
export type CipherName =
  | 'aes-128-cbc'
  | 'aes-192-cbc'
  | 'aes-256-cbc'
  | 'des-ede3-cbc'
  | 'des-ede-cbc'
  | 'des-cbc'
  | 'rc2-40-cbc'
  | 'rc2-64-cbc'
  | 'rc2-128-cbc'
  | 'rc4-40'
  | 'rc4-128';

/** Encryption under a passphrase. */
export type EncryptionMethod =
  | {
      readonly kind: 'cipher';
      readonly derivation: KeyDerivation;
      readonly cipher: CipherName;
      /** Null: it is derived from the passphrase as the key is. */
      readonly iv: Uint8Array | null;
    }
  /** The key protection of JKS: a stream of SHA-1 with a check value. */
  | { readonly kind: 'jks' };

/** In words, for people: `AES-256-CBC, PBKDF2 with HMAC-SHA256, 600000 rounds`. */
export function describeEncryption(method: EncryptionMethod): string {
  if (method.kind === 'jks') return 'the weak key protection of JKS';
  return `${method.cipher.toUpperCase()}, ${describeDerivation(method.derivation)}`;
}

function describeDerivation(derivation: KeyDerivation): string {
  switch (derivation.kind) {
    case 'pbkdf2':
      return `PBKDF2 with HMAC-${derivation.hash.toUpperCase()}, ${derivation.iterations} rounds`;
    case 'scrypt':
      return `scrypt, N=${derivation.cost}, r=${derivation.blockSize}, p=${derivation.parallel}`;
    case 'pkcs12':
      return `PKCS#12 derivation with ${derivation.hash.toUpperCase()}, ${derivation.iterations} rounds`;
    case 'pbkdf1':
      return `PBKDF1 with ${derivation.hash.toUpperCase()}, ${derivation.iterations} rounds`;
    case 'jceks':
      return `JCEKS derivation with MD5, ${derivation.iterations} rounds`;
    case 'openssl':
      return 'one round of MD5 (old PEM encryption)';
  }
}
