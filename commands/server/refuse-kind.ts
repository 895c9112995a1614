import { ZmintError } from '../../src/errors.js';
import type { Member } from '../../src/index.js';

/** Throws `unknown-member` when a device is named where a server is meant, or the reverse. */
export function refuseKind(member: Member, wanted: 'server' | 'device'): void {
  const server = member.kind === 'primary' || member.kind === 'satellite';
  if (server === (wanted === 'server')) return;
  const what = server ? 'a server, not a device' : 'a device, not a server';
  throw new ZmintError('unknown-member', `${member.path} is ${what}`, {
    hint: `zmint ${wanted} list`,
  });
}
