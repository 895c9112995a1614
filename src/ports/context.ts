import type { Archive } from './archive.js';
import type { BackupBox, BackupShelf } from './backup-box.js';
import type { Clock } from './clock.js';
import type { ContainerCrypto } from './container-crypto.js';
import type { Digest } from './digest.js';
import type { KeyVault } from './key-vault.js';
import type { Keys } from './keys.js';
import type { MemberHomes } from './member-homes.js';
import type { ChainFetcher } from './chain-fetcher.js';
import type { TlsProbe } from './network.js';
import type { OutsideStores } from './outside-store.js';
import type { Passwords } from './passwords.js';
import type { PassphraseSource } from './passphrase-source.js';
import type { Progress } from './progress.js';
import type { Random } from './random.js';
import type { Services } from './services.js';
import type { PinSource, TokenKeys } from './token-keys.js';
import type { TrustFiles } from './trust-files.js';
import type { ZoneCounts } from './zone-counts.js';
import type { ZoneFolder } from './zone-folder.js';
import type { KeyFiles, ZoneImages, ZonePlaces } from './zone-places.js';
import type { ZoneReader, ZoneStore } from './zone-store.js';

/** What a glance at the zone can reach: its database and settings, and which set each member has live. */
export interface GlanceContext {
  readonly store: ZoneReader;
  readonly counts: ZoneCounts;
  readonly homes: Pick<MemberHomes, 'live'>;
  readonly folder: Pick<ZoneFolder, 'readSettings'>;
  /** Absolute path of the zone home, without a slash at its end. */
  readonly zoneHome: string;
  /** How many members are worked on between two transactions, and so held in memory. */
  readonly batchSize: number;
}

/** What a command that only looks can reach. */
export interface ReadContext extends GlanceContext {
  readonly clock: Clock;
  readonly digest: Digest;
  readonly keys: Keys;
  /** For the keystores of Java servers. */
  readonly containers: ContainerCrypto;
  readonly vault: KeyVault;
  readonly tokens: TokenKeys;
  /** Of administrators. */
  readonly passwords: Passwords;
  readonly homes: MemberHomes;
  readonly folder: ZoneFolder;
  readonly network: TlsProbe;
  readonly progress: Progress;
  /** Who acts: the operating system's user. */
  readonly actor: string;
}

/** Every effect that an operation can have on the world. */
export interface OperationContext extends ReadContext {
  readonly store: ZoneStore;
  readonly random: Random;
  readonly services: Services;
  readonly passphrase: PassphraseSource;
  readonly pin: PinSource;
}

/** What reading, judging and writing files of certificates can reach; no zone is needed. */
export interface FormatContext {
  readonly archive: Archive;
  readonly containers: ContainerCrypto;
  readonly digest: Digest;
  readonly keys: Keys;
  readonly random: Random;
}

/** What can be reached outside of a zone: servers of others, stores and files of roots on this machine. */
export interface OutsideContext {
  readonly digest: Digest;
  readonly keys: Keys;
  readonly chains: ChainFetcher;
  readonly files: TrustFiles;
  readonly stores: OutsideStores;
}

/** Keys in tokens, and where their PINs come from; no zone is needed. */
export interface TokenContext {
  readonly tokens: TokenKeys;
  readonly pin: PinSource;
}

/** What making, proving and restoring backups can reach; whether there is a zone or not. */
export interface CustodyContext {
  readonly box: BackupBox;
  readonly shelf: BackupShelf;
  readonly places: ZonePlaces;
  readonly images: ZoneImages;
  readonly keyFiles: KeyFiles;
  readonly keys: Keys;
  readonly digest: Digest;
  readonly random: Random;
  /** Who acts: the operating system's user. */
  readonly actor: string;
}
