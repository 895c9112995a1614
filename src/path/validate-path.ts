import type { Certificate } from '../x509/certificate.js';
import { createSignerFinder } from './crl-signer.js';
import { createJudge, type Judge } from './judge-path.js';
import { judgeRevocation } from './judge-revocation.js';
import type { PathInput, PathResult } from './path-input.js';
import { problemOf, type PathProblem } from './path-problem.js';
import { judgePolicies, policyCost } from './policy-faults.js';
import { createPool, type Pool } from './pool.js';
import { explainFailure, findPath, type SearchInput } from './search.js';
import { createWork, type Work } from './work.js';

/** Everything of a request but the certificate that is judged. */
export type PathSetting = Omit<PathInput, 'leaf'>;

const LONGEST_PATH = 10;
/** How many signers of CRLs may hang on one another. */
const MOST_PENDING = 4;

/**
 * Looks for a path from the leaf to an anchor that holds at the instant, by RFC 5280 §6 with the
 * policies of RFC 9618. Nothing is thrown; of paths that do not hold, all problems of the most
 * promising one are told. A search that used up its budget says so with `path-budget`.
 */
export function validatePath(input: PathInput): PathResult {
  return createPathValidator(input)(input.leaf);
}

/** As `validatePath` for many leaves: what was found out about the other certificates is kept. */
export function createPathValidator(setting: PathSetting): (leaf: Certificate) => PathResult {
  const pool = createPool(setting);
  const judge = createJudge(setting, pool);
  return (leaf) => validate(leaf, { setting, pool, judge, work: createWork(setting.budget) });
}

interface Request {
  readonly setting: PathSetting;
  readonly pool: Pool;
  readonly judge: Judge;
  readonly work: Work;
}

function validate(leaf: Certificate, request: Request): PathResult {
  const { setting, work } = request;
  const search = searchFor(leaf, request, []);
  const path = findPath(search);
  const exhausted = work.exhausted();
  if (exhausted !== undefined) return outOfBudget(leaf, exhausted);
  if (path !== undefined) {
    const { policies } = judgePolicies(path, setting.policy);
    return { valid: true, path, problems: [], policies };
  }
  const failure = explainFailure(search);
  const [first, ...others] = failure.problems;
  if (first === undefined) return outOfBudget(leaf, 'steps');
  return { valid: false, path: failure.path, problems: [first, ...others] };
}

/** `pending`: the signers of CRLs whose own paths are being looked for, so that none waits for itself. */
function searchFor(
  leaf: Certificate,
  request: Request,
  pending: readonly Certificate[],
): SearchInput {
  const { setting, pool, judge, work } = request;
  const maxDepth = setting.maxDepth ?? LONGEST_PATH;
  const { crls = [], checkRevocation = crls.length > 0 } = setting;
  const judgeWhole = (path: readonly Certificate[]): readonly PathProblem[] => {
    work.spend('steps', policyCost(path));
    const { problems } = judgePolicies(path, pending.length === 0 ? setting.policy : {});
    if (!checkRevocation) return problems;
    const findSigner = createSignerFinder({
      pool,
      work,
      pending,
      findPath: (signer) =>
        pending.length > MOST_PENDING || pending.includes(signer)
          ? undefined
          : findPath(searchFor(signer, signerRequest(request), [...pending, signer])),
    });
    const rules = { crls, at: setting.at, strength: judge.strength, profile: judge.profile };
    return [...problems, ...judgeRevocation(path, { ...rules, findSigner })];
  };
  return { leaf, pool, judge, work, maxDepth, judgeWhole };
}

/** A signer of CRLs needs no name and no purpose. */
function signerRequest(request: Request): Request {
  const { at, strength, profile } = { ...request.setting, ...request.judge };
  return { ...request, judge: createJudge({ at, strength, profile }, request.pool) };
}

function outOfBudget(leaf: Certificate, kind: string): PathResult {
  const fact = `leads to more possible paths than are looked at (budget of ${kind} used up)`;
  const problem = problemOf(leaf, { code: 'path-budget', rfc: 'RFC 4158 §2.3', fact });
  return { valid: false, path: [leaf], problems: [problem] };
}
