import type { SerialReservation } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { CaKeyIdentity, Unlock } from './key-vault.js';
import type { Signer } from './keys.js';
import type { BackupFiles } from './backup-box.js';
import type { ZoneReader, ZoneStore } from './zone-store.js';

/**
 * What is found where a zone home is to be. `remains`: nothing but what a zone home has, without its
 * database. `other`: something that is none.
 */
export type PlaceKind = 'nothing' | 'empty' | 'zone' | 'remains' | 'other';

/** What a restore has made ready beside the zone home, proved; only the renames are missing. */
export interface Staged {
  /** SHA-256 of the backup file that it was made from. */
  readonly sha256: string;
  /** The name of the server that gets the CA role; null: none. */
  readonly server: string | null;
  /** The path to which what is there now is moved; null: nothing is there. */
  readonly aside: string | null;
}

/**
 * Whole zone homes as folders. Every path is judged as `MemberHomes` says; what fails to be written
 * is `storage`, and then what was there before is as it was (I-17).
 */
export interface ZonePlaces {
  look(zoneHome: string): Promise<PlaceKind>;
  /** A path beside the zone home that nothing has, for what is set aside at the instant. */
  asidePath(zoneHome: string, at: Instant): Promise<string>;
  /** All files of the zone home that a backup holds: not the database, the CA keys, copies and locks. */
  collect(zoneHome: string): Promise<BackupFiles>;
  /** The files of the CA in a member's home, under `certificate-authority/`. */
  collectAuthority(zoneHome: string, home: string): Promise<BackupFiles>;
  /**
   * Makes a fresh zone home of these files in a folder beside it, synced and read back. Returns its
   * path. What an earlier run left there is removed first.
   */
  stage(zoneHome: string, files: BackupFiles): Promise<string>;
  /**
   * Adds the CA's files to a member's home that lies outside of the zone home; the same ones stay.
   * Throws `policy` when others are there, and for a key that is not among these files: it would be
   * taken for a leftover.
   */
  addAuthority(zoneHome: string, home: string, files: BackupFiles): Promise<void>;
  /** Records durably that the staged folder is whole and proved. */
  markStaged(zoneHome: string, staged: Staged): Promise<void>;
  /** Undefined when nothing is staged and proved. */
  readStaged(zoneHome: string): Promise<Staged | undefined>;
  /** Moves what is there aside and the staged folder into its place; repeatable after a crash. */
  swapIn(zoneHome: string, staged: Staged): Promise<void>;
  /** Removes what is staged; harmless when nothing is. */
  dropStaged(zoneHome: string): Promise<void>;
}

/** Databases of zones, wherever they lie. */
export interface ZoneImages {
  /** The database as one consistent copy, without a log. */
  copy(zoneHome: string): Promise<Uint8Array>;
  /** A copy in memory, brought to the newest schema there. Throws `damaged`; `name` is told. */
  open(image: Uint8Array, name: string): Promise<ZoneReader>;
  /** The zone in a folder, as `no-zone` and `damaged` say. */
  openReader(zoneHome: string): Promise<ZoneReader>;
  openStore(zoneHome: string): Promise<ZoneStore>;
  /** Every serial number that the zone in a folder ever took, page by page. */
  reservations(zoneHome: string): AsyncIterable<readonly SerialReservation[]>;
  /**
   * Keeps every writer out of the zone in a folder until it is closed, also where the file of the lock
   * is damaged. Throws `busy`.
   */
  lock(zoneHome: string): Promise<{ close(): void }>;
}

/** The key files of a CA as bytes. */
export interface KeyFiles {
  /**
   * Opens a key file. `unlockFile` are the bytes of `ca.unlock`, for a zone without passphrase.
   * Throws `wrong-passphrase`, `damaged`; `name` is told.
   */
  open(
    file: { readonly name: string; readonly bytes: Uint8Array },
    identity: CaKeyIdentity,
    unlock: Unlock,
    unlockFile: Uint8Array | undefined,
  ): Promise<Signer>;
}
