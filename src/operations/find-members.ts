import { ZmintError } from '../errors.js';
import type { GlanceContext } from '../ports/context.js';
import { findMember } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';

/**
 * The members that typed words mean, in their order, without reading the whole zone: names are
 * unique, and every tail of a path ends in one. Throws `unknown-member`, `ambiguous-member`.
 *
 * @param find - who is looked for, `findMember` or `findServer`
 */
export async function findMembers(
  ctx: Pick<GlanceContext, 'store'>,
  words: readonly string[],
  find: typeof findMember = findMember,
): Promise<readonly Member[]> {
  const candidates = await ctx.store.membersNamed([...new Set(words.map(nameIn))]);
  const byName = new Map(candidates.map((member) => [member.name, member]));
  const found: Member[] = [];
  for (const word of words) {
    const candidate = byName.get(nameIn(word));
    found.push(find(candidate === undefined ? await similar(ctx, word) : [candidate], word));
  }
  return found;
}

/** As `findMembers`, for one word. */
export async function findOneMember(
  ctx: Pick<GlanceContext, 'store'>,
  word: string,
): Promise<Member> {
  const [member] = await findMembers(ctx, [word]);
  if (member === undefined) throw new ZmintError('bug', 'a member was looked for and not found');
  return member;
}

/** For the error's hint. */
async function similar(
  ctx: Pick<GlanceContext, 'store'>,
  word: string,
): Promise<readonly Member[]> {
  const start = word.toLowerCase().slice(0, 3);
  const one = start === '' ? undefined : await ctx.store.memberLike(start);
  return one === undefined ? [] : [one];
}

function nameIn(word: string): string {
  return (
    word
      .toLowerCase()
      .split('/')
      .findLast((part) => part !== '') ?? ''
  );
}
