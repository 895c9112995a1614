import type { Opened, ZoneRequest } from '../commands/cli/surroundings.js';
import { createNodeDigest } from '../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../src/adapters/crypto/keys.js';
import { publicKeyOf } from '../src/adapters/crypto/public-key-of.js';
import { createNodeRandom } from '../src/adapters/crypto/random.js';
import { sha1 } from '../src/adapters/crypto/sha1.js';
import { FileMemberHomes } from '../src/adapters/fs/member-homes.js';
import { PathSafety } from '../src/adapters/fs/path-safety.js';
import { prepareZoneHome } from '../src/adapters/fs/prepare-zone-home.js';
import { FileZoneFolder } from '../src/adapters/fs/zone-folder.js';
import type { SetLane } from '../src/adapters/fs/set-lane.js';
import { createNodeZoneFs, type ZoneFs } from '../src/adapters/fs/zone-fs.js';
import { openZoneReader } from '../src/adapters/sql/open-zone-reader.js';
import {
  createZoneStore,
  openZoneStore,
  type Writer,
} from '../src/adapters/sql/open-zone-store.js';
import { currentActor } from '../src/adapters/system/actor.js';
import { createSystemClock } from '../src/adapters/system/clock.js';
import { keepMemoryOutOfCoreFiles } from '../src/adapters/system/core-files.js';
import { createHeapTrimmer } from '../src/adapters/system/trim-heap.js';
import type { OperationContext, ReadContext } from '../src/index.js';
import { BATCH_SIZE } from './batch-size.js';
import {
  lazyContainers,
  lazyPasswords,
  lazyProbe,
  lazyServices,
  lazySetLane,
  lazyTokens,
  lazyVault,
} from './lazy-ports.js';
import { createPassphraseSource } from './passphrase-source.js';
import { createPinSource } from './pin-source.js';
import { VERSION } from './version.js';

/** How long a command waits for another one that changes the zone. */
const WAIT_SECONDS = 4;

/** More new objects than a batch needs, in bytes: what is above is garbage. */
const HEAP = 6 * 1024 * 1024;

type Store = OperationContext['store'] & Pick<OperationContext, 'counts'>;

/** The zone for reading. Throws `no-zone`, `damaged`, `unsafe-path`. */
export async function openZone(request: ZoneRequest): Promise<Opened<ReadContext>> {
  const fs = createNodeZoneFs();
  new PathSafety(fs).hasAnchor(request.zoneHome);
  const store = await openZoneReader(request.zoneHome);
  const reached = effects(request, fs);
  return {
    context: { ...reached, store, counts: store.counts },
    close: () => {
      reached.tokens.close();
      store.close();
    },
  };
}

/** The zone for its one writer. Throws `no-zone`, `busy`, `damaged`, `unsafe-path`. */
export async function openZoneForWriting(request: ZoneRequest): Promise<Opened<OperationContext>> {
  const fs = createNodeZoneFs();
  new PathSafety(fs).hasAnchor(request.zoneHome);
  return forWriting(request, fs, await openZoneStore(request.zoneHome, writer(request)));
}

/** A zone home for a new zone, made when it is not there. Throws `zone-exists`, `busy`, `unsafe-path`. */
export async function createZone(request: ZoneRequest): Promise<Opened<OperationContext>> {
  const fs = createNodeZoneFs();
  prepareZoneHome(fs, request.zoneHome);
  return forWriting(request, fs, await createZoneStore(request.zoneHome, writer(request)));
}

function writer(request: ZoneRequest): Writer {
  const since = createSystemClock().now();
  return {
    command: request.command,
    pid: process.pid,
    since,
    waitSeconds: WAIT_SECONDS,
    committed: createHeapTrimmer(HEAP),
  };
}

function forWriting(request: ZoneRequest, fs: ZoneFs, store: Store): Opened<OperationContext> {
  keepMemoryOutOfCoreFiles();
  const passphrase = createPassphraseSource(request.passphrase, process.env.CREDENTIALS_DIRECTORY);
  const pin = createPinSource(request.pin, process.env.CREDENTIALS_DIRECTORY);
  const services = lazyServices(async () =>
    (await import('../src/adapters/system/reload.js')).createServices(),
  );
  const random = createNodeRandom();
  // Only the build makes the program of the thread.
  const lane =
    VERSION === 'source'
      ? undefined
      : lazySetLane(async () => (await import('./set-lane.js')).startSetLane(request.zoneHome));
  const reached = effects(request, fs, lane);
  return {
    context: {
      ...reached,
      store,
      counts: store.counts,
      random,
      services,
      passphrase,
      pin,
    },
    close: () => {
      passphrase.close();
      pin.close();
      reached.tokens.close();
      store.close();
    },
  };
}

function effects(
  request: ZoneRequest,
  fs: ZoneFs,
  lane?: SetLane,
): Omit<ReadContext, 'store' | 'counts'> {
  const { zoneHome, progress } = request;
  const keys = createNodeKeys();
  return {
    clock: createSystemClock(),
    digest: createNodeDigest(),
    keys,
    containers: lazyContainers(
      async () =>
        (await import('../src/adapters/crypto/container-crypto.js')).createContainerCrypto(),
      { sha1, publicKeyOf },
    ),
    vault: lazyVault(async () => {
      const { FileKeyVault } = await import('../src/adapters/fs/key-vault.js');
      return new FileKeyVault({ fs, zoneHome, keys });
    }),
    tokens: lazyTokens(async () => {
      const { Pkcs11TokenKeys } = await import('../src/adapters/token/pkcs11-token-keys.js');
      return new Pkcs11TokenKeys(keys);
    }),
    passwords: lazyPasswords(async () =>
      (await import('../src/adapters/crypto/password-scrypt.js')).createScryptPasswords(),
    ),
    homes: new FileMemberHomes(fs, zoneHome, false, lane),
    folder: new FileZoneFolder(fs, zoneHome),
    network: lazyProbe(async () =>
      (await import('../src/adapters/net/tls-probe.js')).createTlsProbe(),
    ),
    progress,
    zoneHome,
    batchSize: BATCH_SIZE,
    actor: currentActor(),
  };
}
