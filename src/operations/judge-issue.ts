import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { issueProblems, pathLengthBelow } from '../path/issue-problems.js';
import type { Certificate } from '../x509/certificate.js';
import type { IssuedContent } from './issue-plan.js';
import { trialIssue } from './trial-issue.js';

/**
 * Throws `policy` when nobody would accept what is planned, because of the CAs above it: a path length
 * that leaves no room for a CA or not so much (RFC 5280 §4.2.1.9), name constraints, purposes.
 *
 * @param path - the CAs above it, its issuer first, the root last
 */
export function judgeIssue(
  ctx: Pick<ReadContext, 'digest'>,
  plan: IssuedContent,
  path: readonly Certificate[],
): void {
  const { profile } = plan;
  if (profile.is === 'subordinate') refuseLength(profile.pathLength, path);
  const [issuer] = path;
  if (issuer === undefined) return;
  const trial = trialIssue(ctx, plan, { issuer, spki: issuer.spki });
  const [problem] = issueProblems(trial, path, trial.extendedKeyUsage ?? []);
  if (problem === undefined) return;
  throw refusal(problem.message, 'zmint ca show tells who is above the CA: ask there');
}

function refuseLength(wanted: number, path: readonly Certificate[]): void {
  const most = pathLengthBelow(path);
  if (most === undefined || wanted <= most) return;
  const [issuer] = path;
  const rule = '(pathLenConstraint, RFC 5280 §4.2.1.9)';
  if (most < 0) {
    throw refusal(
      `${issuer?.subject.text ?? 'the CA'} may issue no CA: the path length of its own certificate or of one above it forbids it ${rule}`,
      'have the subordinate CA signed by the CA above, or the CA of the zone for a longer path',
    );
  }
  throw refusal(
    `${issuer?.subject.text ?? 'the CA'} leaves room for a path length of ${most}, not ${wanted} ${rule}`,
    `--path-length ${most}`,
  );
}

function refusal(fact: string, hint: string): ZmintError {
  return new ZmintError('policy', fact, { hint });
}
