import type { KeySpec } from '../zone/key-spec.js';
import type { KeyUri } from '../zone/key-uri.js';
import type { Signer } from './keys.js';

/** Gives the PIN of a token when it is needed, as a copy that is wiped after use. */
export type ReadPin = () => Promise<Uint8Array>;

/** Where PINs come from: a descriptor, a file, the URI's own source, the credentials folder, a person. */
export interface PinSource {
  /** Throws `question-unanswered` when there is no source and no terminal. */
  read(uri: KeyUri): Promise<Uint8Array>;
}

/** A public key in a token, as everybody may see it. */
export interface TokenPublicKey {
  /** CKA_LABEL. */
  readonly object: string;
  /** CKA_ID, hexadecimal. */
  readonly id: string;
  /** As `describePublicKey` says it. */
  readonly key: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** A token that is plugged in, as it can be seen without its PIN. */
export interface TokenView {
  readonly label: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly isPinLocked: boolean;
  /** Those that may be seen without the PIN; some tokens show none. */
  readonly publicKeys: readonly TokenPublicKey[];
}

/** A key that is wanted: the one that the URI names, or else one to be made under that name. */
export interface TokenKeyOrder {
  readonly uri: KeyUri;
  readonly spec: KeySpec;
  /** CKA_ID of a key that is made, hexadecimal, where the URI says none. Nobody else uses it. */
  readonly freshId: string;
}

/** A key in a token that is ready to sign. */
export interface ProvidedKey {
  readonly signer: Signer;
  /** Names exactly this key, by its id too. */
  readonly uri: KeyUri;
  /** False: it was in the token already. */
  readonly isNew: boolean;
}

/**
 * Private keys in PKCS#11 tokens, which sign there and never leave. Tokens are found by what the URI
 * says of them and keys by label, id and public key, never by a slot's number.
 *
 * All methods throw `token-unavailable` when the token, its module or what loads it is not there, or
 * fails. Those that take a PIN throw `wrong-passphrase` when it is the wrong one or the token is
 * locked; a token is given a PIN once in a process, and a second attempt throws the same again.
 */
export interface TokenKeys {
  /** Looks without a PIN. */
  look(uri: KeyUri): Promise<TokenView>;
  /** Proves the PIN, so that a wrong one shows before anything is written. */
  unlock(uri: KeyUri, readPin: ReadPin): Promise<void>;
  /**
   * The private key that the URI names and that belongs to this public key: it has signed a test
   * that verifies. Throws `not-found` when there is none of that name, `damaged` when it is another.
   */
  open(uri: KeyUri, spki: Uint8Array, readPin: ReadPin): Promise<Signer>;
  /**
   * Finds the key, or makes it: in the token, sensitive, never extractable, for signatures alone.
   * When it returns, the key has signed a test that verifies (I-4). What an attempt that died has
   * left half made under `freshId` is removed. Throws `key-mismatch` when the key that is there is of
   * another kind, `policy` when it could leave the token, may not sign, or is one of several.
   */
  provide(order: TokenKeyOrder, readPin: ReadPin): Promise<ProvidedKey>;
  /** Logs out of every token. */
  close(): void;
}
