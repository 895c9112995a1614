import { ZmintError } from '../errors.js';
import { isServer, type Member } from './member.js';

/** The folder of a member: its own, or `servers/<name>` in the zone home for servers; null: zmint reaches it by no folder. */
export function memberHome(zoneHome: string, member: Member): string | null {
  if (member.home !== null) return member.home;
  return isServer(member) ? `${zoneHome}/servers/${member.name}` : null;
}

/** As `memberHome`, for a server. Throws `policy` for a member without a folder. */
export function serverHome(zoneHome: string, member: Member): string {
  const home = memberHome(zoneHome, member);
  if (home !== null) return home;
  throw new ZmintError('policy', `${member.path} has no home folder`, {
    hint: `zmint device show ${member.name}`,
  });
}
