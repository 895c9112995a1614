import type { Certificate } from '../x509/certificate.js';
import { issuerProblems } from './issuer-problems.js';
import type { PathProblem } from './path-problem.js';
import { createWork } from './work.js';

/**
 * Why nobody would accept a certificate below these CAs, its issuer first and the root last: their
 * purposes or name constraints forbid it (RFC 5280 §4.2.1.10, §4.2.1.12); empty when they do not.
 *
 * @param purposes - object identifiers of what it is for; none for a CA
 */
export function issueProblems(
  certificate: Certificate,
  path: readonly Certificate[],
  purposes: readonly string[],
): readonly PathProblem[] {
  const work = createWork();
  const ekus = purposes.length === 0 ? [undefined] : purposes;
  return path.flatMap((issuer, index) => {
    const below = [certificate, ...path.slice(0, index)];
    const isAnchor = index === path.length - 1;
    return ekus.flatMap((eku) => issuerProblems(issuer, { below, isAnchor, eku }, work));
  });
}

/**
 * The longest path length that a CA may have which the first of these CAs issues, the root being the
 * last (RFC 5280 §4.2.1.9). Undefined: any. Negative: there may be no CA below.
 */
export function pathLengthBelow(path: readonly Certificate[]): number | undefined {
  const left = path.flatMap(({ pathLength }, index) =>
    pathLength === null ? [] : [pathLength - index - 1],
  );
  return left.length === 0 ? undefined : Math.min(...left);
}
