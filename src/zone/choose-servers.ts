import { ZmintError } from '../errors.js';
import type { Member } from './member.js';
import { findServer } from './member-path.js';
import type { RemintRequest } from './remint-plan.js';
import { servers, type ZoneSnapshot } from './zone-snapshot.js';

/**
 * The servers that a request means, each once, by path. A CA remint means all of them; `--due`
 * alone means all that are due. Throws `unknown-member`, or `usage` when nothing was named.
 */
export function chooseServers(
  snapshot: ZoneSnapshot,
  request: Pick<RemintRequest, 'servers' | 'all' | 'ca' | 'dueWithin'>,
): readonly Member[] {
  const every = servers(snapshot);
  if (request.ca) return every;
  const named = new Set(request.servers.map((word) => findServer(snapshot.members, word).id));
  if (named.size > 0)
    return every.filter((member) => named.has(member.id) && isDue(snapshot, request, member));
  if (request.all || request.dueWithin !== null)
    return every.filter((member) => isDue(snapshot, request, member));
  throw new ZmintError('usage', 'which certificates are to be reminted?', {
    hint: 'zmint ssl remint web1, --all, --due 30d or --ca',
  });
}

function isDue(
  snapshot: ZoneSnapshot,
  request: Pick<RemintRequest, 'dueWithin'>,
  member: Member,
): boolean {
  const current = snapshot.current.get(member.id);
  if (request.dueWithin === null || current === undefined) return true;
  const waiting = snapshot.future.get(member.id);
  if (waiting !== undefined && waiting.notAfter > snapshot.now + request.dueWithin) return false;
  return current.notAfter <= snapshot.now + request.dueWithin;
}
