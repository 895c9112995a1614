/** A root in such a store. */
export interface StoredRoot {
  readonly name: string;
  /** Null: something is left of it, but it is not trusted now. */
  readonly der: Uint8Array | null;
}

/**
 * A store of trusted roots on this machine that other programs read. Each verb throws `not-found`
 * when the tool that keeps the store, or the store itself, is not there; `unsafe-path` when it may
 * not be changed; `storage` with the words of the tool when it fails.
 */
export interface OutsideStore {
  /** For people: where it is. */
  readonly place: string;
  /** The roots whose name begins with the prefix, by name. */
  list(prefix: string): Promise<readonly StoredRoot[]>;
  /**
   * Adds a root as one that issues server certificates; harmless when it is there. The name is 1 to
   * 128 letters, digits, dots, dashes and underscores and ends in 16 digits of its SHA-256.
   */
  add(name: string, der: Uint8Array): Promise<void>;
  /** Harmless when it is gone. */
  remove(name: string): Promise<void>;
  /** Makes what was added and removed count for those that read the store. */
  refresh(): Promise<void>;
}

/** The stores that zmint knows. */
export interface OutsideStores {
  /** That of the system, kept by update-ca-certificates; `root` stands for `/`. */
  system(root: string): OutsideStore;
  /** The NSS database in a folder, kept by certutil; its password is in that file, if it has one. */
  nss(folder: string, passwordFile: string | undefined): OutsideStore;
}
