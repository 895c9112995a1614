import { ZmintError } from '../errors.js';
import type { GlanceContext } from '../ports/context.js';
import { heldKeys, newestKey } from '../zone/held-keys.js';
import type { Instant } from '../zone/instant.js';
import { judgeBackup, type BackupStanding } from '../zone/judge-backup.js';
import { keysInTokens } from '../zone/keys-in-tokens.js';
import type { VerifiedBackup } from '../zone/verified-backup.js';
import { readSettings } from './read-settings.js';

/** What the zone knows of its backups, and how that is judged. */
export interface BackupFacts {
  readonly standing: BackupStanding;
  /** The one that was made last; null: there is none. */
  readonly last: VerifiedBackup | null;
  /** The newest CA key lies in a token, so that no backup holds it. */
  readonly isKeyInToken: boolean;
  readonly maxAgeHours: number;
  readonly now: Instant;
}

/** Judges the last verified backup; nothing of it is opened. Throws what `readSettings` throws. */
export async function readBackupStanding(
  ctx: Pick<GlanceContext, 'store' | 'folder' | 'zoneHome'>,
  now: Instant,
): Promise<BackupFacts> {
  const { maxAgeHours } = (await readSettings(ctx)).backup;
  const last = (await ctx.store.lastBackup()) ?? null;
  const authorities = await ctx.store.authorities();
  const requests = await ctx.store.authorityRequests();
  const generation = newestKey(authorities, requests);
  const held = heldKeys(authorities, requests);
  const inToken = keysInTokens(held, await ctx.store.tokenKeys());
  const isKeyInToken = inToken.some((key) => key.generation === generation);
  const standing = judgeBackup({ last, generation, maxAgeHours, now });
  return { standing, last, isKeyInToken, maxAgeHours, now };
}

/** As `readBackupStanding`; null when the settings cannot be read, which `doctor` tells about. */
export async function findBackupStanding(
  ctx: Pick<GlanceContext, 'store' | 'folder' | 'zoneHome'>,
  now: Instant,
): Promise<BackupFacts | null> {
  try {
    return await readBackupStanding(ctx, now);
  } catch (error) {
    if (error instanceof ZmintError && SETTINGS_FAULTS.has(error.code)) return null;
    throw error;
  }
}

const SETTINGS_FAULTS = new Set(['unreadable', 'unsafe-path']);
