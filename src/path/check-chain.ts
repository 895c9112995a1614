import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateTime } from '../x509/time.js';
import { createCandidates, type Verify } from './candidates.js';
import { chainProblems } from './chain-problems.js';
import { problemOf, type ChainProblem } from './chain-problem.js';

/** What is judged, what may be used for it, what is trusted, and when. */
export interface ChainInput {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly at: CertificateTime;
  /** Whether the signature over `data` is that of the key in `spki`. */
  readonly verify: Verify;
}

/** Either the path that holds, leaf first and anchor last, or what is wrong with the best one. */
export type ChainResult =
  | { readonly path: readonly Certificate[]; readonly problems: readonly [] }
  | { readonly path: undefined; readonly problems: readonly [ChainProblem, ...ChainProblem[]] };

const LONGEST_PATH = 10;
const MOST_STEPS = 1000;

/**
 * Everything that is wrong with the most promising path from the leaf to an anchor at the instant;
 * empty when there is a path that holds (I-1, I-24).
 */
export function checkChain(input: ChainInput): readonly ChainProblem[] {
  return findChain(input).problems;
}

/**
 * Looks, depth first, for a path by issuer name, authority key identifier and signature that ends
 * in one of the anchors and holds at the instant: dates (both ends included, the anchor's too), CA
 * and keyCertSign bits, path lengths, critical extensions (RFC 5280 §6.1). Of paths that do not
 * hold, the one with the fewest problems is told about; of those that end nowhere, the longest.
 */
export function findChain(input: ChainInput): ChainResult {
  const search: Search = {
    input,
    candidates: createCandidates(input),
    steps: 0,
    best: undefined,
  };
  const path = extend(search, [input.leaf]);
  if (path !== undefined) return { path, problems: [] };
  const [first, ...others] = search.best?.problems ?? [];
  const problem =
    first ?? problemOf('chain-untrusted', input.leaf, 'has no path to a trusted root');
  return { path: undefined, problems: [problem, ...others] };
}

interface Failure {
  readonly problems: readonly ChainProblem[];
  /** Lower is more promising. */
  readonly rank: number;
}

interface Search {
  readonly input: ChainInput;
  readonly candidates: ReturnType<typeof createCandidates>;
  steps: number;
  best: Failure | undefined;
}

function extend(search: Search, path: readonly Certificate[]): readonly Certificate[] | undefined {
  const last = path.at(-1) ?? search.input.leaf;
  search.steps += 1;
  if (search.candidates.isAnchor(last)) return judge(search, path);
  if (path.length >= LONGEST_PATH || search.steps > MOST_STEPS) {
    remember(
      search,
      path,
      problemOf('chain-untrusted', last, 'stands too far from a trusted root'),
    );
    return undefined;
  }
  const { issuers, why } = search.candidates.issuersOf(last);
  const fresh = issuers.filter((issuer) => !path.some((one) => sameEntity(one, issuer)));
  if (fresh.length === 0) remember(search, path, why ?? deadEnd(last));
  for (const issuer of fresh) {
    const found = extend(search, [...path, issuer]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function judge(search: Search, path: readonly Certificate[]): readonly Certificate[] | undefined {
  const problems = chainProblems(path, search.input.at);
  if (problems.length === 0) return path;
  keep(search, { problems, rank: problems.length });
  return undefined;
}

function remember(search: Search, path: readonly Certificate[], problem: ChainProblem): void {
  // Behind every path that reaches an anchor, however many problems that one has.
  keep(search, { problems: [problem], rank: 1000 - path.length });
}

function keep(search: Search, failure: Failure): void {
  if (search.best === undefined || failure.rank < search.best.rank) search.best = failure;
}

/** A path through the same name and key again proves nothing new (RFC 4158 §2.4.2). */
function sameEntity(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.subject.der, b.subject.der) && equalBytes(a.spki, b.spki);
}

/** All that could have signed it stands on the path already. */
function deadEnd(last: Certificate): ChainProblem {
  const root = equalBytes(last.issuer.der, last.subject.der);
  const fact = root
    ? 'is a root that is not trusted'
    : 'leads back to itself, not to a trusted root';
  return problemOf('chain-untrusted', last, fact);
}
