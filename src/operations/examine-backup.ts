import { fine, notice, type Remark } from '../zone/finding.js';
import { renderBackup } from '../zone/render-backup.js';
import type { Examined } from './examined.js';
import { readBackupStanding } from './read-backup-standing.js';
import { readSettings } from './read-settings.js';

/** Whether the settings file can be read: what it cannot say is refused everywhere. */
export async function examineSettings({ ctx }: Examined): Promise<readonly Remark[]> {
  const { backup } = await readSettings(ctx);
  const set =
    (await ctx.folder.readSettings()) === undefined ? 'defaults' : 'as settings.json says';
  return [fine(`${set}: a backup may be ${backup.maxAgeHours} hours old`)];
}

/** How old the last verified backup is, and whether it holds every CA key. */
export async function examineBackup({ ctx, now }: Examined): Promise<readonly Remark[]> {
  const facts = await readBackupStanding(ctx, now);
  const words = renderBackup(facts);
  if (facts.standing === 'fresh' || facts.standing === 'no-key') return [fine(words)];
  return [notice(words, 'zmint ca backup FILE')];
}
