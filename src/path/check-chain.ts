import type { Certificate } from '../x509/certificate.js';
import type { CertificateTime } from '../x509/time.js';
import type { Verify } from './path-input.js';
import type { PathProblem, PathProblemCode } from './path-problem.js';
import { createPathValidator, validatePath } from './validate-path.js';

/** What is judged, what may be used for it, what is trusted, and when. */
export interface ChainInput {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly at: CertificateTime;
  /** Whether the signature over `data` is that of the key in `spki`. */
  readonly verify: Verify;
}

/** One reason why a chain does not hold, in the words of the error codes. */
export interface ChainProblem {
  readonly code: 'chain-untrusted' | 'not-valid-then' | 'policy';
  /** RFC 4514 text of the certificate that is at fault. */
  readonly subject: string;
  readonly message: string;
}

/** Either the path that holds, leaf first and anchor last, or what is wrong with the best one. */
export type ChainResult =
  | { readonly path: readonly Certificate[]; readonly problems: readonly [] }
  | { readonly path: undefined; readonly problems: readonly [ChainProblem, ...ChainProblem[]] };

const UNTRUSTED: ReadonlySet<PathProblemCode> = new Set<PathProblemCode>([
  'issuer-missing',
  'issuer-key-differs',
  'root-untrusted',
  'signature-wrong',
  'path-loop',
  'path-too-long',
  'path-budget',
]);
const DATES: ReadonlySet<PathProblemCode> = new Set<PathProblemCode>(['not-yet-valid', 'expired']);

/**
 * Everything that is wrong with the most promising path from the leaf to an anchor at the instant;
 * empty when there is a path that holds (I-1, I-24).
 */
export function checkChain(input: ChainInput): readonly ChainProblem[] {
  return findChain(input).problems;
}

/** As `checkChain` for many leaves: what was found out about the other certificates is kept. */
export function createChainChecker(
  input: Omit<ChainInput, 'leaf'>,
): (leaf: Certificate) => readonly ChainProblem[] {
  const { intermediates: untrusted, anchors, at, verify } = input;
  const validate = createPathValidator({ untrusted, anchors, at, verify, profile: 'tolerant' });
  return (leaf) => validate(leaf).problems.map(chainProblem);
}

/**
 * A path as `validatePath` finds it, by the `tolerant` profile: a zone must live with what its
 * external CA signs.
 */
export function findChain(input: ChainInput): ChainResult {
  const { leaf, intermediates: untrusted, anchors, at, verify } = input;
  const result = validatePath({ leaf, untrusted, anchors, at, verify, profile: 'tolerant' });
  if (result.valid) return { path: result.path, problems: [] };
  const [first, ...others] = result.problems;
  return { path: undefined, problems: [chainProblem(first), ...others.map(chainProblem)] };
}

function chainProblem({ code, certificate, message }: PathProblem): ChainProblem {
  return { code: chainCode(code), subject: certificate.subject.text, message };
}

/** The error code that a reason why a path fails stands for. */
export function chainCode(code: PathProblemCode): ChainProblem['code'] {
  if (DATES.has(code)) return 'not-valid-then';
  return UNTRUSTED.has(code) ? 'chain-untrusted' : 'policy';
}
