import { createContainerCrypto } from '../../src/adapters/crypto/container-crypto.js';
import { createScryptPasswords } from '../../src/adapters/crypto/password-scrypt.js';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import { createNodeRandom } from '../../src/adapters/crypto/random.js';
import { FileKeyVault } from '../../src/adapters/fs/key-vault.js';
import { FileMemberHomes } from '../../src/adapters/fs/member-homes.js';
import { prepareZoneHome } from '../../src/adapters/fs/prepare-zone-home.js';
import { FileZoneFolder } from '../../src/adapters/fs/zone-folder.js';
import type { ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import { createTlsProbe } from '../../src/adapters/net/tls-probe.js';
import { createZoneStore, openZoneStore } from '../../src/adapters/sql/open-zone-store.js';
import { Pkcs11TokenKeys } from '../../src/adapters/token/pkcs11-token-keys.js';
import { createServices } from '../../src/adapters/system/reload.js';
import { ZmintError } from '../../src/errors.js';
import { executeAdd, planAdd } from '../../src/operations/add-members.js';
import { executeRemint } from '../../src/operations/execute-remint.js';
import { executeInit, planInit } from '../../src/operations/init-zone.js';
import { planRemint } from '../../src/operations/plan-remint.js';
import type { OperationReport } from '../../src/operations/report-operation.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { PinSource } from '../../src/ports/token-keys.js';
import type { TlsProbe } from '../../src/ports/network.js';
import type { ProgressEvent } from '../../src/ports/progress.js';
import type { Services } from '../../src/ports/services.js';
import { BARE_REMINT } from '../../src/zone/bare-remint.js';
import type { MemberInput } from '../../src/zone/decide-member.js';
import type { Instant } from '../../src/zone/instant.js';
import type { KeySpec } from '../../src/zone/key-spec.js';
import type { RemintRequest } from '../../src/zone/remint-plan.js';
import { fakePkcs11, type FakeToken } from './fake-pkcs11.js';
import type { FaultLine } from './fault-line.js';
import { createUnsyncedDisk } from './unsynced-disk.js';

/** 2026-11-21T12:00:00Z */
export const NOON: Instant = 1_795_262_400;

export interface TestWorld {
  readonly zoneHome: string;
  now: Instant;
  readonly passphrase?: string;
  readonly faults?: FaultLine;
  readonly services?: Services;
  readonly network?: TlsProbe;
  readonly events?: ProgressEvent[];
  readonly batchSize?: number;
  /** Tokens that are plugged in, and the PIN at hand. */
  readonly tokens?: readonly FakeToken[];
  readonly pin?: string;
  /** The disk that its files lie on, for tests that cut the power. */
  readonly disk?: ZoneFs;
}

/**
 * A process's view of a zone: real SQLite and files, which are not synced; only clock and passphrase
 * source are faked.
 */
export async function openTestZone(
  world: TestWorld,
  how: 'open' | 'create' = 'open',
): Promise<OperationContext> {
  const disk = diskOf(world);
  let sleptMs = 0;
  // Files grow older by what the clock has slept, though the test did not wait so long.
  const realFs: ZoneFs = { ...disk, now: () => disk.now() + sleptMs };
  if (how === 'create') prepareZoneHome(realFs, world.zoneHome);
  const holder = { command: 'test', pid: process.pid, since: world.now, waitSeconds: 5 };
  const store = await (how === 'create'
    ? createZoneStore(world.zoneHome, holder)
    : openZoneStore(world.zoneHome, holder));
  const { faults } = world;
  const fs = faults === undefined ? realFs : faults.wrap<ZoneFs>('fs', realFs, EFFECTS);
  const keys = createNodeKeys();
  const services = world.services ?? quickServices(createServices({}));
  return {
    counts: store.counts,
    store: faults === undefined ? store : faults.wrap('store', store, ['commit']),
    clock: {
      now: () => world.now,
      sleep: (seconds) => {
        sleptMs += seconds * 1000;
        return new Promise((done) => setTimeout(done, Math.min(seconds, 0.2) * 1000));
      },
    },
    digest: createNodeDigest(),
    keys,
    containers: createContainerCrypto(),
    vault: new FileKeyVault({ fs, zoneHome: world.zoneHome, keys, workFactor: 2 ** 15 }),
    tokens: new Pkcs11TokenKeys(keys, () => Promise.resolve(fakePkcs11(tokensOf(world)))),
    passwords: createScryptPasswords({ N: 2 ** 15, r: 8, p: 1 }),
    homes: new FileMemberHomes(fs, world.zoneHome),
    folder: new FileZoneFolder(fs, world.zoneHome),
    network: world.network ?? createTlsProbe(),
    progress: { report: (event) => world.events?.push(event) },
    zoneHome: world.zoneHome,
    batchSize: world.batchSize ?? 50,
    actor: 'tester',
    random: createNodeRandom(),
    services: faults === undefined ? services : faults.wrap('services', services, ['reload']),
    passphrase: passphraseOf(world),
    pin: pinOf(world),
  };
}

/** Answers `true` itself: a process started from a large one costs a round as much as all the rest. */
function quickServices(real: Services): Services {
  const worked = { exitCode: 0, timedOut: false, output: '' };
  return {
    reload: (command, limit) =>
      command === 'true' ? Promise.resolve(worked) : real.reload(command, limit),
  };
}

function diskOf(world: TestWorld): ZoneFs {
  return world.disk ?? createUnsyncedDisk();
}

/** The verbs of ZoneFs that change something. */
export const EFFECTS = [
  'makeFolder',
  'writeNew',
  'writeUnsynced',
  'syncAll',
  'syncFolder',
  'rename',
  'makeLink',
  'removeFile',
  'removeFolder',
] as const;

function passphraseOf(world: TestWorld): OperationContext['passphrase'] {
  const give = (): Promise<Uint8Array> => {
    if (world.passphrase !== undefined)
      return Promise.resolve(new TextEncoder().encode(world.passphrase));
    return Promise.reject(new ZmintError('question-unanswered', 'the passphrase of the CA?'));
  };
  return { existing: give, fresh: give };
}

function tokensOf({ tokens = [], faults }: TestWorld): readonly FakeToken[] {
  if (faults === undefined) return tokens;
  return tokens.map((token) => faults.wrap('token', token, ['store', 'remove']));
}

function pinOf({ pin }: TestWorld): PinSource {
  return {
    read: () =>
      pin === undefined
        ? Promise.reject(new ZmintError('question-unanswered', 'the PIN of the token?'))
        : Promise.resolve(new TextEncoder().encode(pin)),
  };
}

/** Makes a zone with a first Primary Server `ca1` and the given others; closes it again. */
export async function makeTestZone(
  world: TestWorld,
  servers: readonly MemberInput[] = [],
  keySpec: KeySpec = 'ec:P-256',
  first: Partial<MemberInput> = {},
): Promise<void> {
  const ctx = await openTestZone(world, 'create');
  const request = {
    name: 'Test Zone',
    server: { name: 'ca1', dnsName: 'ca1.example.com', ...first },
    keySpec,
    years: 5,
    commonName: null,
    custody: world.passphrase === undefined ? ('no-passphrase' as const) : ('passphrase' as const),
  };
  await executeInit(ctx, planInit(request, world.now));
  if (servers.length > 0)
    await executeAdd(ctx, await planAdd(ctx, { members: servers, mint: true }, world.now));
  ctx.store.close();
}

/** Plans and executes a remint. */
export async function remint(
  ctx: OperationContext,
  request: Partial<RemintRequest>,
): Promise<OperationReport> {
  const plan = await planRemint(ctx, { ...BARE_REMINT, ...request }, ctx.clock.now());
  if (plan === undefined) throw new Error('nothing to remint');
  return executeRemint(ctx, plan);
}
