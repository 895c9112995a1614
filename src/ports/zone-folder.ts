/** Files of the zone home that belong to no member; the promises of MemberHomes hold. */
export interface ZoneFolder {
  /** Replaces `truststore/cacerts.pem`, when its content differs. */
  publishTrust(pem: Uint8Array): Promise<void>;
  /** Undefined when it is not there. */
  readTrust(): Promise<Uint8Array | undefined>;
  /** The text of `settings.json`; undefined when it is not there. Throws `unreadable` when it is not UTF-8. */
  readSettings(): Promise<string | undefined>;
  /**
   * Makes `crl/` hold exactly these files, each changed by one rename: those whose content differs
   * are replaced, others that zmint wrote before are removed. Returns its path.
   */
  publishCrls(files: Readonly<Record<string, Uint8Array>>): Promise<string>;
  /** Writes `updates/<guid>/` whole; a complete one of the same guid is replaced. Returns its path. */
  writeUpdate(guid: string, files: Readonly<Record<string, Uint8Array>>): Promise<string>;
}
