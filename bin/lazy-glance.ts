import type { GlanceContext } from '../src/index.js';
import { once } from './once.js';

/** The live links of members, whose code is loaded when the first one is looked at. */
export function lazyLiveLinks(load: () => Promise<GlanceContext['homes']>): GlanceContext['homes'] {
  const links = once(load);
  return { live: async (home) => (await links()).live(home) };
}

/** The settings of the zone, whose code is loaded when they are first read. */
export function lazySettings(
  load: () => Promise<GlanceContext['folder']>,
): GlanceContext['folder'] {
  const folder = once(load);
  return { readSettings: async () => (await folder()).readSettings() };
}
