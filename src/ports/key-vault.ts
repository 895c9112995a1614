import type { Signer } from './keys.js';

/** Which CA key: the generation, in the home of the member with the CA role. */
export interface CaKeyPlace {
  /** Absolute folder of the member. */
  readonly home: string;
  readonly generation: number;
}

/** What is bound to the locked key and checked when it is opened. */
export interface CaKeyIdentity {
  readonly zoneId: string;
  readonly spkiSha256: string;
}

/** What unlocks a CA key: a passphrase (its bytes after NFC, wiped by the caller), or the zone's own key file. */
export type Unlock =
  { readonly kind: 'passphrase'; readonly bytes: Uint8Array } | { readonly kind: 'no-passphrase' };

/** Keeps the CA's private keys locked at rest: scrypt and AES-256-GCM, `docs/reference/key-file.md`. */
export interface KeyVault {
  /**
   * Locks the key into `certificate-authority/<generation>/key.enc`. When it returns, the file is
   * durable, was read back, opened and has signed a test that verifies (I-4). An unfinished file of
   * the same generation is replaced; a finished one for another key is an error `damaged`.
   */
  seal(
    place: CaKeyPlace,
    pkcs8: Uint8Array,
    identity: CaKeyIdentity,
    unlock: Unlock,
  ): Promise<void>;
  /**
   * Throws `wrong-passphrase` (nothing is wrong with the file), `damaged` (the file is not what was
   * written, or belongs to another zone or certificate), `not-found`.
   */
  open(place: CaKeyPlace, identity: CaKeyIdentity, unlock: Unlock): Promise<Signer>;
  /**
   * How the key file is locked, as it says itself, once it says that it is this key's: nobody is asked
   * for a passphrase for another. Throws `damaged` as `open`, `not-found`.
   */
  lockedBy(place: CaKeyPlace, identity: CaKeyIdentity): Promise<Unlock['kind']>;
  /**
   * Locks the key that is at `from` anew at `to`, with the same unlock and a fresh salt and nonce; in
   * clear it is in memory only. What is at `from` stays. Promises and throws as `open` and `seal`.
   */
  copy(from: CaKeyPlace, to: CaKeyPlace, identity: CaKeyIdentity, unlock: Unlock): Promise<void>;
  /** The generations whose key file is there. */
  list(home: string): Promise<readonly number[]>;
  /**
   * Removes a key that is needed here no more, with all of its generation's folder: one that never
   * signed for the zone, or a copy. Unlinked and synced, not overwritten. Harmless when it is gone.
   */
  discard(place: CaKeyPlace): Promise<void>;
  /** Writes `ca.cert` into the generation's folder, which need not hold a key of its own. */
  publishCertificate(place: CaKeyPlace, pem: Uint8Array): Promise<void>;
}
