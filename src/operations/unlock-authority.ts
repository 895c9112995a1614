import type { OperationContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import type { Signer } from '../ports/keys.js';
import type { Authority } from '../zone/authority.js';
import { parseKeyUri } from '../zone/key-uri.js';
import { tokenKeyOf } from '../zone/token-key.js';
import { parseCertificate } from '../x509/certificate.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { caKeyPlace } from './ca-key-place.js';
import { newUnlock } from './new-unlock.js';
import { newestKeyFile } from './newest-key-file.js';

/** The CA keys of one run: the passphrase is asked for once, and every key is forgotten by `close`. */
export interface AuthorityKeys {
  /** Throws `wrong-passphrase`, `damaged`, `not-found`, `question-unanswered`, `token-unavailable`. */
  signer(authority: Authority): Promise<Signer>;
  /** Takes over a key that was just made, so that it need not be opened again. */
  adopt(spkiSha256: string, signer: Signer): void;
  /** What unlocks the zone's key files. */
  unlock(): Promise<Unlock>;
  /**
   * What a new key file is locked with: what opens the newest one that is there, so that a slip of
   * the fingers locks nothing; where all are lost it is asked for anew. Throws as `signer`.
   */
  lock(): Promise<Unlock>;
  close(): void;
}

/**
 * Opens the zone's CA keys as they are needed.
 *
 * @param given - what unlocks them, where that is known already; it is wiped by `close`
 */
export function authorityKeys(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  given?: Unlock,
): AuthorityKeys {
  const signers = new Map<string, Signer>();
  const unlocking = unlockOnce(ctx, snapshot, given);
  let isProved = given !== undefined || snapshot.zone.custody !== 'passphrase';
  const signer = async (authority: Authority): Promise<Signer> => {
    const known = signers.get(authority.spkiSha256);
    if (known !== undefined) return known;
    const inToken = await openInToken(ctx, authority);
    const opened =
      inToken ?? (await openFile(ctx, { snapshot, authority, unlock: await unlocking.read() }));
    isProved ||= inToken === undefined;
    signers.set(authority.spkiSha256, opened);
    return opened;
  };
  return {
    signer,
    unlock: () => unlocking.read(),
    async lock() {
      const filed = isProved ? undefined : await newestKeyFile(ctx, snapshot);
      if (filed !== undefined) await signer(filed);
      else if (!isProved) await unlocking.renew();
      isProved = true;
      return unlocking.read();
    },
    adopt(spkiSha256, made) {
      signers.set(spkiSha256, made);
    },
    close() {
      for (const one of signers.values()) one.close();
      signers.clear();
      unlocking.forget();
    },
  };
}

interface Unlocking {
  read(): Promise<Unlock>;
  /** Asks for another one. */
  renew(): Promise<void>;
  forget(): void;
}

function unlockOnce(
  ctx: OperationContext,
  { zone }: ZoneSnapshot,
  given: Unlock | undefined,
): Unlocking {
  let known = given;
  const forget = (): void => {
    if (known?.kind === 'passphrase') known.bytes.fill(0);
    known = undefined;
  };
  return {
    forget,
    async read() {
      known ??=
        zone.custody !== 'passphrase'
          ? { kind: 'no-passphrase' }
          : { kind: 'passphrase', bytes: await ctx.passphrase.existing() };
      return known;
    },
    async renew() {
      forget();
      known = await newUnlock(ctx, zone.custody);
    },
  };
}

/** The key of a generation in a token; undefined when it lies in a file. */
async function openInToken(
  ctx: OperationContext,
  authority: Authority,
): Promise<Signer | undefined> {
  const key = tokenKeyOf(await ctx.store.tokenKeys(), authority);
  if (key === undefined) return undefined;
  const [der = new Uint8Array()] = await ctx.store.der([authority.certificate]);
  const { uri } = parseKeyUri(key.uri);
  return ctx.tokens.open(uri, parseCertificate(der).spki, () => ctx.pin.read(uri));
}

interface LockedFile {
  readonly snapshot: ZoneSnapshot;
  readonly authority: Authority;
  readonly unlock: Unlock;
}

async function openFile(
  ctx: OperationContext,
  { snapshot, authority, unlock }: LockedFile,
): Promise<Signer> {
  const place = await caKeyPlace(ctx, snapshot, authority);
  const identity = { zoneId: snapshot.zone.id, spkiSha256: authority.spkiSha256 };
  return ctx.vault.open(place, identity, unlock);
}
