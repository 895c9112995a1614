import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import { findServer } from '../zone/member-path.js';
import { isServer } from '../zone/member.js';
import type { HandedRequest } from './generate-requests.js';
import { readSnapshot } from './read-snapshot.js';

/**
 * The requests that wait for what a CA signs, the newest one of each server: of those that were
 * named, or of all. Throws `unknown-member`, and `not-found` when none waits where one was named.
 */
export async function listRequests(
  ctx: ReadContext,
  words: readonly string[],
  now: Instant,
): Promise<readonly HandedRequest[]> {
  const { members } = await readSnapshot(ctx, now);
  const named = words.map((word) => findServer(members, word));
  const waiting = (await ctx.store.requests()).filter(({ state }) => state === 'csr-generated');
  const wanted = named.length > 0 ? named : members.filter(isServer);
  return wanted.flatMap((member): readonly HandedRequest[] => {
    const request = waiting.find(({ memberId }) => memberId === member.id);
    if (request !== undefined) return [{ member, home: serverHome(ctx.zoneHome, member), request }];
    if (named.length === 0) return [];
    throw new ZmintError('not-found', `no request of ${member.name} waits`, {
      hint: `zmint generate-csr ${member.name}`,
    });
  });
}
