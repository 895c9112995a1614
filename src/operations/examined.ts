import type { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import type { ReadableZone } from './read-what-can-be.js';

/** Who changes the zone just now. */
export interface WriterFacts {
  readonly command: string;
  readonly pid: number;
  readonly since: Instant;
}

/** Everything that an examination may look at. */
export interface Examined extends ReadableZone {
  readonly ctx: ReadContext;
  readonly now: Instant;
  /** Undefined: nobody; an error: it cannot be told. */
  readonly writer: WriterFacts | ZmintError | undefined;
}

/** A member with its folder. */
export interface Place {
  readonly member: Member;
  readonly home: string;
}

/** Members that zmint reaches by a folder, by path. */
export function placesOf({ ctx, snapshot }: Examined): readonly Place[] {
  return snapshot.members.flatMap((member) => {
    const home = memberHome(ctx.zoneHome, member);
    return home === null ? [] : [{ member, home }];
  });
}

/** Each member's part in the newest operation that runs. */
export function partsOf({ snapshot }: Examined): ReadonlyMap<string, OperationMember> {
  return new Map([...snapshot.parts.values()].flat().map((part) => [part.memberId, part]));
}
