import { ZmintError } from '../errors.js';
import { notice, problem, type Remark } from '../zone/finding.js';
import { shellWord } from '../zone/shell-word.js';
import { keyGeneration } from '../zone/zone-snapshot.js';
import { placesOf, type Examined, type Place } from './examined.js';

/** A move of the CA role that is not over, and CA keys in homes of servers that do not hold them. */
export async function examineStrayKeys(examined: Examined): Promise<readonly Remark[]> {
  const move = await examined.ctx.store.caMove();
  const stale = move?.state === 'copying' ? move.toHome : move?.fromHome;
  const remarks: Remark[] = [];
  if (stale !== undefined) remarks.push(moveRemark(examined, stale));
  for (const place of placesOf(examined))
    if (place.home !== stale) remarks.push(...(await strayRemarks(examined, place)));
  return remarks;
}

function moveRemark({ writer }: Examined, stale: string): Remark {
  if (writer !== undefined && !(writer instanceof Error))
    return notice('the CA role is being moved: a command is at it');
  const message = `a move of the CA role was interrupted; copies of keys may lie in ${stale}`;
  return problem('partial', message, 'zmint ssl resume');
}

async function strayRemarks(
  examined: Examined,
  { member, home }: Place,
): Promise<readonly Remark[]> {
  const { authorities } = examined.snapshot;
  const holders = new Map(
    authorities
      .filter(({ kind, state }) => kind === 'internal' && state !== 'cancelled')
      .map((one) => [keyGeneration(authorities, one), one.keyMemberId]),
  );
  const keys = await keysIn(examined, home);
  const strays = keys.filter((number) => {
    const holder = holders.get(number);
    return holder !== undefined && holder !== member.id;
  });
  return strays.map((number) =>
    notice(
      `${member.name} has a copy of the key of CA generation ${number}, which it does not hold`,
      `rm -r ${shellWord(`${home}/certificate-authority/${number}`)}`,
    ),
  );
}

/** A home that cannot be looked at is told of where homes are. */
async function keysIn({ ctx }: Examined, home: string): Promise<readonly number[]> {
  try {
    return await ctx.vault.list(home);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return [];
  }
}
