import { ZmintError } from '../errors.js';
import type { CustodyContext } from '../ports/context.js';
import type { PlaceKind, Staged } from '../ports/zone-places.js';
import type { BackupManifest } from '../zone/backup-manifest.js';
import { requirePrimary } from '../zone/decide-ca-move.js';
import { refuseOlder } from '../zone/decide-restore.js';
import type { Instant } from '../zone/instant.js';
import { heldKeys } from '../zone/held-keys.js';
import { keysInTokens, type KeyInToken } from '../zone/keys-in-tokens.js';
import { serverHome } from '../zone/member-home.js';
import { findServer } from '../zone/member-path.js';
import { shellWord } from '../zone/shell-word.js';
import { rebaseHome } from '../zone/rebase-home.js';
import type { Member } from '../zone/member.js';
import { compareWithPresent, type Comparison } from './compare-with-present.js';
import type { ProvedBackup } from './prove-backup.js';

/** What was asked of a restore. */
export interface RestoreRequest {
  readonly zoneHome: string;
  /** Path of the backup. */
  readonly path: string;
  /** Any unambiguous tail of a server's path; null: the server that had the CA role. */
  readonly server: string | null;
  readonly acceptOlder: boolean;
}

/** A restore, decided but not begun. */
export interface RestorePlan {
  readonly request: RestoreRequest;
  readonly at: Instant;
  readonly sha256: string;
  readonly manifest: BackupManifest;
  /** The server that gets the keys, and the CA role unless the CA is external; null: there are no keys. */
  readonly server: Member | null;
  readonly place: PlaceKind;
  /** How the zone that is there and the backup stand to each other. */
  readonly present: Comparison;
  /** Where what is there now goes; null: nothing is there. */
  readonly aside: string | null;
  /** A restore of the same backup that was cut short between its two renames; null: there is none. */
  readonly unfinished: Staged | null;
  /** Keys that no backup can hold: they are where they were. */
  readonly inToken: readonly KeyInToken[];
  /** Names of servers whose homes lie outside of the zone home: they are not touched. */
  readonly outside: readonly string[];
}

/**
 * Plans a restore of a proved backup; nothing is written. Throws `policy` for a folder that is neither
 * empty nor a zone home, for a backup of another zone, for one that is older than the zone that is there
 * unless that is accepted, and for a chosen server that is no Primary Server; `unknown-member`,
 * `ambiguous-member`.
 */
export async function planRestore(
  ctx: CustodyContext,
  proved: ProvedBackup,
  request: RestoreRequest,
  now: Instant,
): Promise<RestorePlan> {
  const { zoneHome } = request;
  const { manifest, sha256, reader } = proved;
  const place = await ctx.places.look(zoneHome);
  if (place === 'other') throw noZoneHome(zoneHome);
  const members = await reader.members();
  const server = chosenServer(members, proved, request.server);
  const at = { zoneHome, place, server: server?.name ?? null };
  const present = await compareWithPresent(ctx, proved, at);
  refuseOlder(present.lineage, request.acceptOlder);
  const unfinished =
    place === 'nothing' ? await unfinishedFor(ctx, request, { sha256, server }) : null;
  return {
    request,
    at: now,
    sha256,
    manifest,
    server,
    place,
    present,
    aside: place === 'nothing' ? null : await ctx.places.asidePath(zoneHome, now),
    unfinished,
    inToken: keysInTokens(
      heldKeys(await reader.authorities(), await reader.authorityRequests()),
      await reader.tokenKeys(),
    ),
    outside: members.flatMap((member) =>
      isOutside(member, request, manifest) ? [member.name] : [],
    ),
  };
}

/** A mistyped --zone must move nobody's folder. */
function noZoneHome(zoneHome: string): ZmintError {
  return new ZmintError('policy', `${zoneHome} holds something else than a zone`, {
    hint: `name the zone home with --zone DIR, or move this away: mv ${shellWord(zoneHome)} DIR`,
    details: { path: zoneHome },
  });
}

/** Throws `policy` while another restore stands between its two renames: the zone of before lies aside. */
async function unfinishedFor(
  ctx: CustodyContext,
  { zoneHome }: RestoreRequest,
  wanted: { readonly sha256: string; readonly server: Member | null },
): Promise<Staged | null> {
  const staged = await ctx.places.readStaged(zoneHome);
  if (staged?.aside == null) return null;
  if (staged.sha256 === wanted.sha256 && staged.server === (wanted.server?.name ?? null))
    return staged;
  throw new ZmintError('policy', 'a restore of another backup was cut short in this place', {
    hint: `restore that backup again, or take the zone of before: mv ${shellWord(staged.aside)} ${shellWord(zoneHome)}`,
    details: { sha256: staged.sha256, aside: staged.aside },
  });
}

function isOutside(
  { home }: Member,
  { zoneHome }: RestoreRequest,
  manifest: BackupManifest,
): boolean {
  if (home === null) return false;
  return !rebaseHome(home, manifest.zoneHome, zoneHome).startsWith(`${zoneHome}/`);
}

function chosenServer(
  members: readonly Member[],
  { manifest }: ProvedBackup,
  wanted: string | null,
): Member | null {
  if (manifest.server === null) {
    if (wanted === null) return null;
    throw new ZmintError('policy', 'the CA of this zone is external: there is no key to be held', {
      hint: 'leave --server away',
    });
  }
  const server = findServer(members, wanted ?? manifest.server);
  if (wanted !== null) requirePrimary(server);
  // Throws for one whose home could not hold the key.
  serverHome('/', server);
  return server;
}
