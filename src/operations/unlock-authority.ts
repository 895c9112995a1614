import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { CaKeyPlace, Unlock } from '../ports/key-vault.js';
import type { Signer } from '../ports/keys.js';
import type { Authority } from '../zone/authority.js';
import { parseKeyUri } from '../zone/key-uri.js';
import { serverHome } from '../zone/member-home.js';
import { tokenKeyOf } from '../zone/token-key.js';
import { parseCertificate } from '../x509/certificate.js';
import { keyGeneration, type ZoneSnapshot } from '../zone/zone-snapshot.js';

/** The CA keys of one run: the passphrase is asked for once, and every key is forgotten by `close`. */
export interface AuthorityKeys {
  /** Throws `wrong-passphrase`, `damaged`, `not-found`, `question-unanswered`, `token-unavailable`. */
  signer(authority: Authority): Promise<Signer>;
  /** Takes over a key that was just made, so that it need not be opened again. */
  adopt(spkiSha256: string, signer: Signer): void;
  /** What unlocks the zone's key files. */
  unlock(): Promise<Unlock>;
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
  let unlocked = given;
  const unlock = async (): Promise<Unlock> => {
    unlocked ??=
      snapshot.zone.custody !== 'passphrase'
        ? { kind: 'no-passphrase' }
        : { kind: 'passphrase', bytes: await ctx.passphrase.existing() };
    return unlocked;
  };
  return {
    unlock,
    adopt(spkiSha256, signer) {
      signers.set(spkiSha256, signer);
    },
    async signer(authority) {
      const known = signers.get(authority.spkiSha256);
      if (known !== undefined) return known;
      const opened =
        (await openInToken(ctx, authority)) ??
        (await openFile(ctx, { snapshot, authority, unlock: await unlock() }));
      signers.set(authority.spkiSha256, opened);
      return opened;
    },
    close() {
      for (const signer of signers.values()) signer.close();
      signers.clear();
      if (unlocked?.kind === 'passphrase') unlocked.bytes.fill(0);
      unlocked = undefined;
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

/** Where the key of a generation lies in a file. Throws `damaged` when no member holds the CA role. */
export async function caKeyPlace(
  ctx: Pick<OperationContext, 'store' | 'zoneHome'>,
  snapshot: ZoneSnapshot,
  authority: Authority,
): Promise<CaKeyPlace> {
  const { keyMemberId } = authority;
  const generation = keyGeneration(snapshot.authorities, authority);
  return memberKeyPlace(ctx, { keyMemberId, generation });
}

/** Where the key of a generation lies with a member. Throws `damaged` when there is no such member. */
export async function memberKeyPlace(
  ctx: Pick<OperationContext, 'store' | 'zoneHome'>,
  { keyMemberId, generation }: Pick<Authority, 'keyMemberId' | 'generation'>,
): Promise<CaKeyPlace> {
  const [holder] = await ctx.store.membersById([keyMemberId ?? '']);
  if (holder !== undefined) return { home: serverHome(ctx.zoneHome, holder), generation };
  throw new ZmintError('damaged', `nobody holds the key of CA generation ${generation}`, {
    hint: 'zmint doctor',
  });
}
