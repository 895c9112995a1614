import type { KeySpec } from '../zone/key-spec.js';

/** A fresh key pair. Whoever holds `pkcs8` wipes it after use. */
export interface KeyPair {
  readonly spec: KeySpec;
  /** PrivateKeyInfo, DER (RFC 5958). */
  readonly pkcs8: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** A private key that can sign certificates, without being able to leave. */
export interface Signer {
  readonly spec: KeySpec;
  readonly spki: Uint8Array;
  /** DER of the AlgorithmIdentifier that `sign` uses. */
  readonly algorithm: Uint8Array;
  /** The signature as it stands in a certificate (ECDSA: DER of Ecdsa-Sig-Value, RFC 3279). */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /**
   * The signature over each, in the order of the list: what is quickest for this kind of key, on
   * all cores where that helps. The event loop goes round now and then. The key that is closed
   * meanwhile signs no more.
   */
  signMany(list: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  /** Forgets the key. */
  close(): void;
}

/** Making, opening and checking keys. */
export interface Keys {
  generate(spec: KeySpec): Promise<KeyPair>;
  /**
   * So many pairs, each independent of the others and in memory of its own, octet for octet as
   * `pairOf` would give them: what is quickest for this kind of key, on all cores where that helps.
   * The event loop goes round now and then.
   */
  generateMany(spec: KeySpec, count: number): Promise<readonly KeyPair[]>;
  /**
   * Throws `unreadable` when it is no PKCS#8 DER of a kind that zmint knows, or when the public key in
   * it does not belong to the private key.
   */
  pairOf(pkcs8: Uint8Array): Promise<KeyPair>;
  /** Throws as `pairOf`. */
  signer(pkcs8: Uint8Array): Promise<Signer>;
  /** PKCS#8 as PEM text, `-----BEGIN PRIVATE KEY-----`. */
  pem(pkcs8: Uint8Array): Uint8Array;
  /** Whether the signature over `data` is that of the key in `spki`; false for anything not understood. */
  verify(spki: Uint8Array, algorithm: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
}
