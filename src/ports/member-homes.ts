import type { ZmintError } from '../errors.js';

/** The keystore in a server's set: one store and the password that opens it, or neither. */
export interface KeystoreFiles {
  readonly 'server.p12'?: Uint8Array;
  readonly 'server.jks'?: Uint8Array;
  readonly 'keystore.pass'?: Uint8Array;
}

/** The files of a set, by name. A device's set has only `ca.cert`. */
export interface SetFiles extends KeystoreFiles {
  readonly 'server.cer'?: Uint8Array;
  readonly 'key.pem'?: Uint8Array;
  readonly 'key.der'?: Uint8Array;
  readonly 'ca.cert': Uint8Array;
}

/** A key that waits for its certificate, and the request made with it. */
export interface RequestFiles {
  /** PKCS#8 DER. */
  readonly 'key.der': Uint8Array;
  /** PEM. */
  readonly 'server.csr': Uint8Array;
}

/** What lies in a `remint-repo`, as far as zmint reads it. */
export interface RepoFiles {
  /** `server.cer`, `server.der`, `.crt`, `.p7b`, `.pem` or `.cert`, whichever are there, by name. */
  readonly certificates: readonly RepoFile[];
  readonly key: RepoFile | undefined;
  readonly caCert: RepoFile | undefined;
  /** Whether a run that died has left files under temporary names. */
  readonly leftovers: boolean;
}

export interface RepoFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Milliseconds since it was last changed, by the clock of its file system. */
  readonly ageMs: number;
}

/** A set and where it goes. */
export interface SetToWrite {
  readonly home: string;
  readonly number: number;
  readonly files: SetFiles;
}

export interface ObservedHome {
  /** The generation that `live` points to; undefined when there is no link. */
  readonly live: number | undefined;
  /** Complete generation folders, ascending. */
  readonly generations: readonly number[];
}

/** What came of writing CRLs: `same`: they were there already; `none`: the home takes none. */
export type CrlsWritten = 'changed' | 'same' | 'none';

/**
 * The folders of members: `remint-repo`, `security/generations/<n>`, `security/live`.
 *
 * Every path is checked before it is used: a symbolic link (but `live`), a foreign owner or a
 * group- or other-writable folder on the way is `unsafe-path`. What fails to be written is
 * `storage`, and then nothing that was there before has changed (I-17). Each write is durable when
 * it returns (I-16).
 */
export interface MemberHomes {
  /** Creates the folders that are missing, 0700. */
  prepare(home: string): Promise<void>;
  observe(home: string): Promise<ObservedHome>;
  /** The generation that `live` points to; undefined when there is no link. */
  live(home: string): Promise<number | undefined>;
  /** The key of a generation, PKCS#8 DER; undefined when it is not there. */
  readKey(home: string, number: number): Promise<Uint8Array | undefined>;
  /** Undefined when the folder is not there or not complete. */
  readSet(home: string, number: number): Promise<SetFiles | undefined>;
  /** The keystore of the set that `live` points to; empty when it has none or nothing is live. */
  readKeystore(home: string): Promise<KeystoreFiles>;
  /**
   * Makes the folder whole under a temporary name, reads it back, renames it into place. A folder
   * of that number that `live` does not point to is replaced; the live one is never touched
   * (`damaged`).
   */
  writeSet(home: string, number: number, files: SetFiles): Promise<void>;
  /** Points `live` at a complete generation by one rename (I-2); returns where it pointed before. */
  switchLive(home: string, number: number): Promise<number | undefined>;
  /** Removes `live`; only for a member that never had a set before the operation that is undone. */
  unlinkLive(home: string): Promise<void>;
  /** Removes a generation that `live` does not point to; harmless when it is gone. */
  removeSet(home: string, number: number): Promise<void>;
  /**
   * Makes `security/requests/<number>` whole under a temporary name, reads it back, renames it into
   * place; one of that number is replaced (I-4).
   */
  writeRequest(home: string, number: number, files: RequestFiles): Promise<void>;
  /** Undefined when the folder is not there or not complete. */
  readRequest(home: string, number: number): Promise<RequestFiles | undefined>;
  /** Removes a key that need not wait any more; harmless when it is gone. */
  removeRequest(home: string, number: number): Promise<void>;
  /**
   * Makes `security/crl.pem` hold these CRLs, by one rename, beside `live` and no part of a set.
   * Returns false for a home without `security`, which is left as it is.
   */
  writeCrls(home: string, pem: Uint8Array): Promise<CrlsWritten>;
  /** Undefined when there is none. */
  readCrls(home: string): Promise<Uint8Array | undefined>;
  readRepo(home: string): Promise<RepoFiles>;
  /** Writes `server.csr`, which anybody may have, by rename. */
  writeRepoRequest(home: string, csr: Uint8Array): Promise<void>;
  /** Writes `server.cer`, `key.der`, `ca.cert`, each by rename. */
  writeRepo(
    home: string,
    files: Pick<SetFiles, 'server.cer' | 'key.der' | 'ca.cert'>,
  ): Promise<void>;
  /** Removes these names from the repo where their SHA-256 is still the given one: a person's files stay. */
  clearRepo(home: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** The same folders for many members at once: durability comes with `flush`. */
  deferred(): DeferredHomes;
}

/**
 * The same folders with durability put off: what the verbs have written is there for every process
 * at once and survives a crash of this one, but a power cut only when `flush` has returned. So
 * nothing may be recorded that relies on it before.
 */
export interface DeferredHomes extends MemberHomes {
  /**
   * As `prepare` and `writeSet` for each, perhaps by another thread: until it has answered, this
   * object must not be used. What failed is told in the order of the sets, and does not keep the
   * others from being written.
   */
  writeSets(sets: readonly SetToWrite[]): Promise<readonly (ZmintError | undefined)[]>;
  /**
   * Makes all that was written through this object since the last flush durable, by one sync of each
   * file system. Throws `storage`: then nothing of it may be relied on.
   */
  flush(): Promise<void>;
}
