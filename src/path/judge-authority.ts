import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { EXTENSION } from '../x509/extension-oid.js';
import type { CertificateTime } from '../x509/time.js';
import { trialLeaf, type TrialNames } from '../x509/trial-leaf.js';
import { chainCode } from './check-chain.js';
import type { Verify } from './path-input.js';
import type { PathProblem } from './path-problem.js';
import { createPathValidator } from './validate-path.js';

/** id-kp-serverAuth, RFC 5280 §4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** The certificate of a CA that is to sign servers, and what may stand above it. */
export interface AuthorityInput {
  readonly certificate: Certificate;
  /** In any order; those that signed themselves are the roots. */
  readonly others: readonly Certificate[];
  readonly at: CertificateTime;
  readonly verify: Verify;
  /** The AlgorithmIdentifier that the CA's key signs with. */
  readonly signatureAlgorithm: Uint8Array;
}

/** What such a CA is good for. */
export interface AuthorityJudge {
  /** Whether a CA in the path constrains names, so that servers must be asked for one by one. */
  readonly constrained: boolean;
  /**
   * The certificates above the CA, its issuer first and the root last, as a client would go from a
   * server with these names. Throws `chain-untrusted` when an issuer or the root is missing,
   * `not-valid-then`, `policy` for a CA that may not stand there.
   */
  parentsFor(names: TrialNames): readonly Certificate[];
  /** Why name constraints refuse a server with these names, in words; empty when they do not. */
  refusals(names: TrialNames): readonly string[];
}

/**
 * Judges the certificate of a CA by what it would sign: a trial for a server goes through the same
 * validation that clients make (RFC 5280 §6), so that path lengths, usages, dates, strength and names
 * of everything above it count.
 */
export function createAuthorityJudge(input: AuthorityInput): AuthorityJudge {
  const { certificate, others, at, signatureAlgorithm } = input;
  const anchors = others.filter((one) => isRoot(one, input.verify));
  let trial: Certificate | undefined;
  const validate = createPathValidator({
    anchors,
    untrusted: [certificate, ...others.filter((one) => !anchors.includes(one))],
    at,
    // The trial alone is taken as signed.
    verify: (spki, algorithm, data, signature) =>
      data === trial?.tbs || input.verify(spki, algorithm, data, signature),
    eku: SERVER_AUTH,
    profile: 'tolerant',
  });
  const judge = (names: TrialNames): ReturnType<typeof validate> => {
    trial = trialLeaf(certificate, names, signatureAlgorithm);
    return validate(trial);
  };
  return {
    constrained: [certificate, ...others].some(({ extensions }) =>
      extensions.some(({ oid }) => oid === EXTENSION.nameConstraints),
    ),
    parentsFor(names) {
      const result = judge(names);
      if (result.valid) return result.path.slice(2);
      const [first] = withoutNames(result.problems);
      if (first === undefined) return result.path.slice(2);
      throw refusal(first);
    },
    refusals(names) {
      const result = judge(names);
      return result.valid ? [] : result.problems.map(({ message }) => message);
    },
  };
}

function isRoot(one: Certificate, verify: Verify): boolean {
  return (
    equalBytes(one.subject.der, one.issuer.der) &&
    verify(one.spki, one.signatureAlgorithm, one.tbs, one.signature)
  );
}

function withoutNames(problems: readonly PathProblem[]): readonly PathProblem[] {
  return problems.filter(({ code }) => code !== 'name-constraints');
}

const HINTS = {
  'chain-untrusted': 'name the file with every certificate up to the root of the company too',
  'not-valid-then': 'ask the CA above for certificates that are valid today',
  policy: 'ask the CA above for a certificate that lets this CA sign servers',
} as const;

function refusal({ code, certificate, message }: PathProblem): ZmintError {
  const word = chainCode(code);
  return new ZmintError(word, message, {
    hint: HINTS[word],
    details: { subject: certificate.subject.text },
  });
}
