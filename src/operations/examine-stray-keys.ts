import { ZmintError } from '../errors.js';
import { notice, problem, type Remark } from '../zone/finding.js';
import { shellWord } from '../zone/shell-word.js';
import { keyGeneration } from '../zone/zone-snapshot.js';
import { placesOf, type Examined, type Place } from './examined.js';

const FOLDER = 'certificate-authority';

/** A move of the CA role that is not over, and CA keys in homes of servers that do not hold them. */
export async function examineStrayKeys(examined: Examined): Promise<readonly Remark[]> {
  const move = await examined.ctx.store.caMove();
  const stale = move?.state === 'copying' ? move.toHome : move?.fromHome;
  const remarks: Remark[] = [];
  if (stale !== undefined) remarks.push(moveRemark(examined, stale));
  const places = placesOf(examined);
  const homes = new Map(places.map(({ member, home }) => [member.id, home]));
  for (const place of places)
    if (place.home !== stale) remarks.push(...(await strayRemarks(examined, place, homes)));
  return remarks;
}

function moveRemark({ writer }: Examined, stale: string): Remark {
  if (writer !== undefined && !(writer instanceof Error))
    return notice('the CA role is being moved: a command is at it');
  const message = `a move of the CA role was interrupted; copies of keys may lie in ${stale}`;
  return problem('partial', message, 'zmint ssl resume');
}

/** A copy may be removed only where the one that counts is seen. */
async function strayRemarks(
  examined: Examined,
  { member, home }: Place,
  homes: ReadonlyMap<string, string>,
): Promise<readonly Remark[]> {
  const holders = holdersOf(examined);
  const remarks: Remark[] = [];
  for (const number of await keysIn(examined, home)) {
    const holder = holders.get(number);
    if (holder === undefined || holder === member.id) continue;
    const own = homes.get(holder ?? '');
    const folder = shellWord(`${home}/${FOLDER}/${number}`);
    const fact = `${member.name} has a copy of the key of CA generation ${number}`;
    if (own === undefined) remarks.push(notice(`${fact}, which it does not hold: keep it`));
    else if ((await keysIn(examined, own)).includes(number))
      remarks.push(notice(`${fact}, which it does not hold`, `rm -r ${folder}`));
    else remarks.push(problem('damaged', `${fact}, and its holder has none`, mendOf(folder, own)));
  }
  return remarks;
}

/** The member that holds the key of each generation that counts. */
function holdersOf({ snapshot }: Examined): ReadonlyMap<number, string | null> {
  const { authorities } = snapshot;
  return new Map(
    authorities
      .filter(({ kind, state }) => kind === 'internal' && state !== 'cancelled')
      .map((one) => [keyGeneration(authorities, one), one.keyMemberId]),
  );
}

function mendOf(folder: string, own: string): string {
  const to = shellWord(`${own}/${FOLDER}`);
  return `mkdir -p -m 700 ${to} && cp -Rp ${folder} ${to}/`;
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
