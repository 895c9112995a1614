import { includesBytes } from '../encoding/bytes.js';
import { counted, fine, problem, type Remark } from '../zone/finding.js';
import { renderInstant } from '../zone/instant.js';
import { crlEnds, judgeCrls } from '../zone/judge-crls.js';
import { ZmintError } from '../errors.js';
import { placesOf, type Examined } from './examined.js';
import { readCrlStanding } from './read-crl-standing.js';

const MOST_NAMED = 5;

/** When the CRLs end, what no CRL says yet, and who has not got them. */
export async function examineCrls(examined: Examined): Promise<readonly Remark[]> {
  const { ctx, now } = examined;
  const standing = await readCrlStanding(ctx, now);
  if (standing === null) return [fine('this zone makes no revocation lists')];
  const remarks = judgeCrls(standing, now).map(({ message, mend }) =>
    problem('not-valid-then', message, mend),
  );
  // What has not reached every member is told already.
  if (!standing.unpublished) remarks.push(...(await membersWithout(examined)));
  if (remarks.length > 0) return remarks;
  return standing.crls.map((crl) =>
    fine(`${crlEnds(crl, now)} (${renderInstant(crl.nextUpdate)})`),
  );
}

/** Members with a set whose `security/crl.pem` lacks a list that is in force. */
async function membersWithout(examined: Examined): Promise<readonly Remark[]> {
  const { ctx, now } = examined;
  const { crlPem, crlsInForce } = await import('./publish-crls.js');
  const wanted = (await crlsInForce(ctx, now)).map(crlPem);
  const without: string[] = [];
  for (const { member, home } of placesOf(examined))
    if (!(await hasCrls(examined, home, wanted))) without.push(member.name);
  if (without.length === 0) return [];
  const names = without.slice(0, MOST_NAMED).join(', ');
  const more = without.length > MOST_NAMED ? ' …' : '';
  const fact = `security/crl.pem of ${counted(without.length, 'member')} is not what is in force`;
  return [problem('damaged', `${fact}: ${names}${more}`, 'zmint ca crl')];
}

/** True for a home that has no set, and for one that cannot be looked at, which is told of where homes are. */
async function hasCrls(
  { ctx }: Examined,
  home: string,
  wanted: readonly Uint8Array[],
): Promise<boolean> {
  try {
    const pem = await ctx.homes.readCrls(home);
    // Lists that have ended since may stand before and behind one.
    if (pem !== undefined) return wanted.every((one) => includesBytes(pem, one));
    return (await ctx.homes.live(home)) === undefined;
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return true;
  }
}
