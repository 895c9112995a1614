import { ZmintError } from '../errors.js';
import { certificateLife, daysLeft, renderDaysLeft } from '../zone/certificate-life.js';
import { counted, fine, notice, problem, type Remark } from '../zone/finding.js';
import { renderInstant, type Instant } from '../zone/instant.js';
import { isServer, type Member } from '../zone/member.js';
import { shellWord } from '../zone/shell-word.js';
import { servers } from '../zone/zone-snapshot.js';
import { checkLiveSet, checkStoredSet, type StoredSet } from './check-live-set.js';
import { partsOf, placesOf, type Examined, type Place } from './examined.js';
import { isPlacedByHand } from './placed-set.js';

const ENDING_DAYS = 30;

/** Turns what an examination of one member throws into its remark: others are still looked at. */
async function remarksOf(
  look: () => Promise<readonly Remark[]>,
  mend: string,
): Promise<readonly Remark[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return [problem(error.code, error.message, error.hint ?? mend)];
  }
}

/** Modes, owners and links of every member's home, and folders that nobody has recorded. */
export async function examineHomes(examined: Examined): Promise<readonly Remark[]> {
  const places = placesOf(examined);
  const parts = partsOf(examined);
  const remarks: Remark[] = [];
  for (const place of places) {
    const { member } = place;
    const running = parts.has(member.id);
    const look = (): Promise<readonly Remark[]> => homeRemarks(examined, place, running);
    remarks.push(...(await remarksOf(look, `zmint ssl remint ${member.name}`)));
  }
  return remarks.length > 0 ? remarks : [fine(`${counted(places.length, 'home')}, as recorded`)];
}

async function homeRemarks(
  { ctx, snapshot }: Examined,
  { member, home }: Place,
  running: boolean,
): Promise<readonly Remark[]> {
  const { live, generations } = await ctx.homes.observe(home);
  const rows = new Set((snapshot.sets.get(member.id) ?? []).map((set) => set.number));
  const unknown = generations.filter((number) => !rows.has(number) && number !== live);
  if (unknown.length === 0 || running) return [];
  const folders = unknown.map((number) => shellWord(`${home}/security/generations/${number}`));
  const message = `${member.name} has ${counted(unknown.length, 'set')} on disk that nobody recorded`;
  return [notice(message, `rm -r ${folders.join(' ')}`)];
}

/** The files that servers read, and how long their certificates live. */
export async function examineServers(examined: Examined): Promise<readonly Remark[]> {
  const all = servers(examined.snapshot);
  const remarks: Remark[] = [];
  for (const member of all) {
    const problems = await checkLiveSet(examined.ctx, examined.snapshot, member);
    for (const { fault, code, message, mend } of problems)
      remarks.push(
        fault === 'no-certificate' ? notice(message, mend) : problem(code, message, mend),
      );
    remarks.push(...lifeRemarks(examined, member));
  }
  if (remarks.length > 0) return remarks;
  return [fine(`${counted(all.length, 'server')}: keys, certificates and chains fit`)];
}

function lifeRemarks({ snapshot, now }: Examined, member: Member): readonly Remark[] {
  const current = snapshot.current.get(member.id);
  if (current === undefined) return [];
  const { name } = member;
  const mend = `zmint ssl remint ${name}`;
  const life = certificateLife(current, now);
  const when = `${renderDaysLeft(current.notAfter, now)}, ${renderInstant(current.notAfter)}`;
  if (life === 'expired')
    return [problem('not-valid-then', `the certificate of ${name} expired ${when}`, mend)];
  if (life === 'not-yet-valid') {
    const from = renderInstant(current.notBefore);
    return [
      problem('not-valid-then', `the certificate of ${name} is not valid before ${from}`, mend),
    ];
  }
  if (daysLeft(current.notAfter, now) >= ENDING_DAYS) return [];
  return [notice(`the certificate of ${name} expires ${when}`, mend)];
}

/** The sets that wait for their activation, judged at its instant. */
export async function examineFutureSets(examined: Examined): Promise<readonly Remark[]> {
  const { ctx, snapshot } = examined;
  const waiting = waitingSets(examined);
  const remarks: Remark[] = [];
  for (const { at, ...stored } of waiting) {
    const look = async (): Promise<readonly Remark[]> => {
      await checkStoredSet(ctx, snapshot, stored, at);
      return [];
    };
    remarks.push(...(await remarksOf(look, 'zmint ssl cancel, then the remint again')));
  }
  if (remarks.length > 0) return remarks;
  const { length } = waiting;
  return [fine(length === 0 ? 'none waits' : `${counted(length, 'set')} fit for activation`)];
}

function waitingSets(examined: Examined): readonly (StoredSet & { readonly at: Instant })[] {
  const { snapshot, now } = examined;
  const places = new Map(placesOf(examined).map((place) => [place.member.id, place]));
  return snapshot.pending.flatMap(({ activation, id }) => {
    const at = activation.when === 'at' ? Math.max(now, activation.instant) : now;
    const parts = (snapshot.parts.get(id) ?? []).filter((part) => part.evidence === null);
    return parts.flatMap(({ memberId, futureSet }) => {
      const place = places.get(memberId);
      const set = snapshot.sets.get(memberId)?.find(({ number }) => number === futureSet);
      return place === undefined || set === undefined ? [] : [{ ...place, set, at }];
    });
  });
}

/** Sets that a person placed and nobody has taken yet. */
export async function examineRepos(examined: Examined): Promise<readonly Remark[]> {
  const { ctx } = examined;
  const parts = partsOf(examined);
  const remarks: Remark[] = [];
  for (const { member, home } of placesOf(examined)) {
    if (!isServer(member)) continue;
    const part = parts.get(member.id);
    const look = async (): Promise<readonly Remark[]> => {
      const number = part?.futureSet ?? null;
      const own = number === null ? undefined : await ctx.homes.readSet(home, number);
      if (!isPlacedByHand(ctx, await ctx.homes.readRepo(home), own)) return [];
      const mend = part === undefined ? `zmint ssl remint ${member.name}` : 'zmint ssl resume';
      return [notice(`a set placed by hand waits in the remint-repo of ${member.name}`, mend)];
    };
    remarks.push(...(await remarksOf(look, `zmint ssl remint ${member.name}`)));
  }
  return remarks.length > 0 ? remarks : [fine('nothing placed by hand')];
}

/** Servers that nobody can look at from outside. */
export function examineProbes({ snapshot }: Examined): Promise<readonly Remark[]> {
  const blind = servers(snapshot).filter(({ probe }) => probe === null);
  const [first] = blind;
  if (first === undefined) return Promise.resolve([fine('every server can be looked at')]);
  const names = blind.slice(0, 5).map(({ name }) => name);
  const more = blind.length > 5 ? ` and ${blind.length - 5} more` : '';
  const message = `activation is proved by files only, without a probe address: ${names.join(', ')}${more}`;
  return Promise.resolve([notice(message, `zmint server set ${first.name} --probe HOST:PORT`)]);
}
