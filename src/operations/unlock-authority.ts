import type { OperationContext } from '../ports/context.js';
import type { CaKeyIdentity, Unlock } from '../ports/key-vault.js';
import type { Signer } from '../ports/keys.js';
import type { Authority } from '../zone/authority.js';
import { parseKeyUri } from '../zone/key-uri.js';
import { tokenKeyOf } from '../zone/token-key.js';
import { parseCertificate } from '../x509/certificate.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { fileCustody, type FileCustody } from '../zone/zone.js';
import { caKeyPlace } from './ca-key-place.js';
import { newestKeyFile } from './newest-key-file.js';

/** The CA keys of one run: the passphrase is asked for once, and every key is forgotten by `close`. */
export interface AuthorityKeys {
  /** Throws `wrong-passphrase`, `damaged`, `not-found`, `question-unanswered`, `token-unavailable`. */
  signer(authority: Authority): Promise<Signer>;
  /** Takes over a key that was just made, so that it need not be opened again. */
  adopt(spkiSha256: string, signer: Signer): void;
  /**
   * What unlocks the key file of a generation, as the file says: one of before may be locked as the CA
   * was at its time. Throws as `signer`.
   */
  unlock(authority: Authority): Promise<Unlock>;
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
 * @param given - what locks a new key, where that is known already; it is wiped by `close`
 */
export function authorityKeys(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  given?: Unlock,
): AuthorityKeys {
  const signers = new Map<string, Signer>();
  const unlocking = unlockOnce(ctx, given);
  const locks = given?.kind ?? fileCustody(snapshot.zone);
  let isProved = given !== undefined || locks === 'no-passphrase';
  const unlock = async (authority: Authority): Promise<Unlock> => {
    const place = await caKeyPlace(ctx, snapshot, authority);
    return unlocking.read(await ctx.vault.lockedBy(place, identityOf(snapshot, authority)));
  };
  const signer = async (authority: Authority): Promise<Signer> => {
    const known = signers.get(authority.spkiSha256);
    if (known !== undefined) return known;
    const opened =
      (await openInToken(ctx, authority)) ?? (await openFile(ctx, snapshot, authority, unlock));
    signers.set(authority.spkiSha256, opened);
    return opened;
  };
  return {
    signer,
    unlock,
    async lock() {
      const filed = isProved ? undefined : await newestKeyFile(ctx, snapshot);
      if (filed !== undefined) {
        await signer(filed);
        isProved = (await unlock(filed)).kind === locks;
      }
      if (!isProved) await unlocking.renew();
      isProved = true;
      return unlocking.read(locks);
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
  read(custody: FileCustody): Promise<Unlock>;
  /** Asks for a new passphrase. */
  renew(): Promise<void>;
  forget(): void;
}

function unlockOnce(ctx: OperationContext, given: Unlock | undefined): Unlocking {
  let passphrase = given?.kind === 'passphrase' ? given.bytes : undefined;
  const forget = (): void => {
    passphrase?.fill(0);
    passphrase = undefined;
  };
  return {
    forget,
    async read(custody) {
      if (custody === 'no-passphrase') return { kind: custody };
      passphrase ??= await ctx.passphrase.existing();
      return { kind: custody, bytes: passphrase };
    },
    async renew() {
      forget();
      passphrase = await ctx.passphrase.fresh();
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

async function openFile(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  authority: Authority,
  unlock: AuthorityKeys['unlock'],
): Promise<Signer> {
  const place = await caKeyPlace(ctx, snapshot, authority);
  return ctx.vault.open(place, identityOf(snapshot, authority), await unlock(authority));
}

function identityOf({ zone }: ZoneSnapshot, { spkiSha256 }: Authority): CaKeyIdentity {
  return { zoneId: zone.id, spkiSha256 };
}
