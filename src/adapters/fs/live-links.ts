import type { MemberHomes } from '../../ports/member-homes.js';
import { readLive } from './read-live.js';
import { SafeFolders } from './safe-folders.js';
import { settle } from './settle.js';
import type { ZoneFs } from './zone-fs.js';

/**
 * Which set each member has live, for one look at several: what lies above their homes is judged
 * once, each home itself every time.
 */
export function createLiveLinks(fs: ZoneFs, zoneHome: string): Pick<MemberHomes, 'live'> {
  const folders = new SafeFolders(fs, zoneHome, true);
  return {
    live: (home) =>
      settle(() => {
        const security = folders.find(home, 'security');
        return security === undefined ? undefined : readLive(fs, security);
      }),
  };
}
