import type { Certificate } from '../x509/certificate.js';
import { isSelfIssued, sameEntity, sameName } from './identity.js';
import type { Judge } from './judge-path.js';
import { nameOf, problemOf, type PathProblem } from './path-problem.js';
import type { Pool } from './pool.js';
import type { Work } from './work.js';

/** What a search needs to know. */
export interface SearchInput {
  readonly leaf: Certificate;
  readonly pool: Pool;
  readonly judge: Judge;
  readonly work: Work;
  readonly maxDepth: number;
  /** What else is wrong with a path that reached an anchor: policies, revocation. */
  readonly judgeWhole: (path: readonly Certificate[]) => readonly PathProblem[];
}

/** A path that does not hold, and why. */
export interface FailedPath {
  readonly path: readonly Certificate[];
  readonly problems: readonly PathProblem[];
}

type Path = readonly Certificate[];

/** More paths than anybody wants explained. */
const MOST_EXPLAINED_STEPS = 400;
const MOST_EXPLAINED_PATHS = 24;

/**
 * Looks, depth first, for a path that holds: from the leaf upwards, certificates that cannot stand
 * where they would are not followed further, signatures are checked last. Undefined: there is none,
 * or the budget was used up before one was found.
 */
export function findPath(input: SearchInput): Path | undefined {
  const { leaf, judge } = input;
  const sound = judge.own(leaf).length === 0 && judge.leaf(leaf).length === 0;
  return sound ? extend(input, [leaf]) : undefined;
}

function extend(input: SearchInput, path: Path): Path | undefined {
  const { pool, work } = input;
  const last = path.at(-1) ?? input.leaf;
  if (pool.isAnchor(last)) return input.judgeWhole(path).length === 0 ? path : undefined;
  for (const issuer of pool.issuersOf(last)) {
    if (!work.spend('steps')) return undefined;
    if (!mayFollow(input, path, issuer) || !pool.hasSigned(issuer, last, work)) continue;
    const found = extend(input, [...path, issuer]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mayFollow(input: SearchInput, path: Path, issuer: Certificate): boolean {
  const { pool, judge, work } = input;
  if (path.length > input.maxDepth && !pool.isAnchor(issuer)) return false;
  if (path.some((one) => sameEntity(one, issuer))) return false;
  return judge.own(issuer).length === 0 && judge.issuer(issuer, path, work).length === 0;
}

/**
 * Why no path holds: of the paths that reach an anchor all problems of the one with the fewest; if
 * none does, where the longest one ends. Follows every certificate whose signature fits.
 */
export function explainFailure(input: SearchInput): FailedPath {
  const explanation: Explanation = { input, steps: 0, paths: 0, best: undefined };
  explain(explanation, [input.leaf]);
  return explanation.best?.failure ?? { path: [input.leaf], problems: [deadEnd(input.leaf)] };
}

interface Explanation {
  readonly input: SearchInput;
  steps: number;
  paths: number;
  best: { readonly failure: FailedPath; readonly rank: number } | undefined;
}

function explain(explanation: Explanation, path: Path): void {
  const { input } = explanation;
  const last = path.at(-1) ?? input.leaf;
  if (input.pool.isAnchor(last)) {
    explanation.paths += 1;
    const problems = [...input.judge.path(path, input.work), ...input.judgeWhole(path)];
    keep(explanation, { path, problems }, problems.length);
    return;
  }
  const issuers = signersOf(explanation, last);
  const fresh = issuers.filter((issuer) => !path.some((one) => sameEntity(one, issuer)));
  const open =
    path.length > input.maxDepth ? fresh.filter((one) => input.pool.isAnchor(one)) : fresh;
  if (open.length === 0) {
    const end = fresh.length > 0 ? tooLong(last, input.maxDepth) : endOf(input.pool, last, issuers);
    const problems = [end, ...input.judge.path(path, input.work)];
    // Behind every path that reaches an anchor, however many problems that one has.
    keep(explanation, { path, problems }, 10_000 - path.length);
  }
  for (const issuer of open) {
    explanation.steps += 1;
    if (explanation.steps > MOST_EXPLAINED_STEPS) return;
    if (explanation.paths >= MOST_EXPLAINED_PATHS) return;
    explain(explanation, [...path, issuer]);
  }
}

/** Who has signed it; where nobody can tell, because the algorithm is refused, all that might have. */
function signersOf({ input }: Explanation, one: Certificate): readonly Certificate[] {
  const issuers = input.pool.issuersOf(one);
  if (input.judge.own(one).some(({ code }) => code === 'weak-signature')) return issuers;
  return issuers.filter((issuer) => input.pool.hasSigned(issuer, one, input.work));
}

function keep(explanation: Explanation, failure: FailedPath, rank: number): void {
  if (failure.problems.length === 0) return;
  if (explanation.best === undefined || rank < explanation.best.rank) {
    explanation.best = { failure, rank };
  }
}

function endOf(pool: Pool, last: Certificate, signers: readonly Certificate[]): PathProblem {
  if (signers.length > 0) return deadEnd(last);
  const named = pool.issuersOf(last).filter((issuer) => issuer !== last);
  const issuer = `"${last.issuer.text}"`;
  if (
    isSelfIssued(last) &&
    named.every((one) => sameName(one.subject, last.subject) && keyDiffers(one, last))
  ) {
    return rootUntrusted(last);
  }
  const rfc = 'RFC 5280 §6.1.3';
  const [candidate] = named.filter((one) => !keyDiffers(one, last));
  if (named.length === 0) {
    const fact = `is issued by ${issuer}, whose certificate is missing`;
    return problemOf(last, { code: 'issuer-missing', rfc, fact });
  }
  if (candidate === undefined) {
    const fact = `is issued by another key of ${issuer} than that of the certificates at hand`;
    return problemOf(last, { code: 'issuer-key-differs', rfc, fact });
  }
  const fact = `does not bear the signature of ${nameOf(candidate)}`;
  return problemOf(last, { code: 'signature-wrong', rfc, fact });
}

function keyDiffers(issuer: Certificate, one: Certificate): boolean {
  if (one.authorityKeyId === null || issuer.subjectKeyId === null) return false;
  return one.authorityKeyId !== issuer.subjectKeyId;
}

/** All that could have signed it stands on the path already. */
function deadEnd(last: Certificate): PathProblem {
  if (isSelfIssued(last)) return rootUntrusted(last);
  const fact = 'leads back to itself, not to a trusted root';
  return problemOf(last, { code: 'path-loop', rfc: 'RFC 5280 §6.1', fact });
}

function rootUntrusted(last: Certificate): PathProblem {
  const fact = 'is a root that is not trusted';
  return problemOf(last, { code: 'root-untrusted', rfc: 'RFC 5280 §6.1.1', fact });
}

function tooLong(last: Certificate, maxDepth: number): PathProblem {
  const fact = `stands too far from a trusted root: more than ${maxDepth} certificates between`;
  return problemOf(last, { code: 'path-too-long', rfc: 'RFC 5280 §6.1.1', fact });
}
