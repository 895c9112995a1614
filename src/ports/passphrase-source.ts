/** Where the CA passphrase comes from: a file, a descriptor, the credentials folder, or a person. */
export interface PassphraseSource {
  /**
   * The passphrase of a zone that exists: bytes of its NFC form, without line end; the caller wipes
   * them. Throws `question-unanswered` when there is no source and no terminal.
   */
  existing(): Promise<Uint8Array>;
  /** A new one, asked for twice on a terminal. Throws `policy` when it has under 10 characters. */
  fresh(): Promise<Uint8Array>;
}
