/** The kinds of keystore that a server's set may hold beside its PEM files. */
export const KEYSTORE_FORMATS = ['pkcs12', 'jks'] as const;
export type KeystoreFormat = (typeof KEYSTORE_FORMATS)[number];

/** What the keystore of a server is like. */
export interface KeystoreShape {
  readonly format: KeystoreFormat;
  /** The name of the one entry with a key; Java tells names apart without regard to case. */
  readonly alias: string;
}

/** The name of the keystore in a set, by its format. */
export const KEYSTORE_FILE = { pkcs12: 'server.p12', jks: 'server.jks' } as const;
