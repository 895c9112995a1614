import { fine, problem, type Remark } from '../zone/finding.js';
import { renderInstant } from '../zone/instant.js';
import { crlEnds, judgeCrls } from '../zone/judge-crls.js';
import type { Examined } from './examined.js';
import { readCrlStanding } from './read-crl-standing.js';

/** When the CRLs end, and what no CRL says yet. */
export async function examineCrls({ ctx, now }: Examined): Promise<readonly Remark[]> {
  const standing = await readCrlStanding(ctx, now);
  const faults = judgeCrls(standing, now);
  if (faults.length > 0)
    return faults.map(({ message, mend }) => problem('not-valid-then', message, mend));
  if (standing === null) return [fine('this zone makes no revocation lists')];
  return standing.crls.map((crl) =>
    fine(`${crlEnds(crl, now)} (${renderInstant(crl.nextUpdate)})`),
  );
}
