import type { Certificate } from '../x509/certificate.js';
import { certificateFaults } from './certificate-faults.js';
import { issuerProblems } from './issuer-problems.js';
import { leafFaults } from './leaf-faults.js';
import type { PathInput, PathProfile } from './path-input.js';
import { problemOf, type Fault, type PathProblem } from './path-problem.js';
import type { Pool } from './pool.js';
import { DEFAULT_STRENGTH, signatureFault, type Strength } from './strength.js';
import type { Work } from './work.js';

/** What every certificate of a path is judged by. */
export interface Judge {
  readonly strength: Strength;
  readonly profile: PathProfile;
  /** What the leaf alone must be: its names, its purpose. */
  leaf(leaf: Certificate): readonly Fault[];
  /** What is wrong with a certificate for itself, wherever it stands. */
  own(certificate: Certificate): readonly Fault[];
  /** What forbids it to stand above the others, leaf first. */
  issuer(issuer: Certificate, below: readonly Certificate[], work: Work): readonly PathProblem[];
  /** All of it for a path, in the order of the path. */
  path(path: readonly Certificate[], work: Work): readonly PathProblem[];
}

type JudgeInput = Pick<PathInput, 'at' | 'eku' | 'name' | 'strength' | 'profile'>;

/** A judge for one request; what a certificate is for itself is found out once. */
export function createJudge(input: JudgeInput, pool: Pool): Judge {
  const strength = input.strength ?? DEFAULT_STRENGTH;
  const asked = input.name !== undefined || input.eku !== undefined;
  const profile = input.profile ?? (asked ? 'server' : 'general');
  const rules = { at: input.at, strength, profile };
  const known = new WeakMap<Certificate, readonly Fault[]>();
  const judgeOwn = (certificate: Certificate): readonly Fault[] => {
    const isAnchor = pool.isAnchor(certificate);
    const weak = isAnchor ? undefined : signatureFault(certificate, strength);
    const faults = certificateFaults(certificate, isAnchor ? 'anchor' : 'signed', rules);
    return weak === undefined ? faults : [...faults, weak];
  };
  const own = (certificate: Certificate): readonly Fault[] => {
    const found = known.get(certificate) ?? judgeOwn(certificate);
    known.set(certificate, found);
    return found;
  };
  const leaf = (certificate: Certificate): readonly Fault[] => leafFaults(certificate, input);
  const issuer: Judge['issuer'] = (certificate, below, work) => {
    const place = { below, isAnchor: pool.isAnchor(certificate), eku: input.eku };
    return issuerProblems(certificate, place, work);
  };
  const path: Judge['path'] = (certificates, work) =>
    certificates.flatMap((certificate, index) => {
      const faults = [...own(certificate), ...(index === 0 ? leaf(certificate) : [])];
      const placed = index === 0 ? [] : issuer(certificate, certificates.slice(0, index), work);
      return [...faults.map((fault) => problemOf(certificate, fault)), ...placed];
    });
  return { strength, profile, leaf, own, issuer, path };
}
