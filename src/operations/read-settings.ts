import type { GlanceContext } from '../ports/context.js';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../zone/settings.js';

/**
 * The zone's settings; the defaults where it has no settings file. Throws what `parseSettings` and
 * `ZoneFolder.readSettings` throw.
 */
export async function readSettings({
  folder,
  zoneHome,
}: Pick<GlanceContext, 'folder' | 'zoneHome'>): Promise<Settings> {
  const text = await folder.readSettings();
  return text === undefined ? DEFAULT_SETTINGS : parseSettings(text, `${zoneHome}/settings.json`);
}
