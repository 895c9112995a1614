import type { IssuePlan, IssueReport } from '../../src/index.js';
import { certificateJson } from '../certificate-json.js';
import { defineCommand, type Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { escapeText } from '../cli/escape-text.js';
import { runPlanned } from '../cli/run-planned.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { stillWaiting } from '../still-waiting.js';
import { KEY_STATUSES } from './key-statuses.js';
import { issueFiles, type IssueFiles } from './issue-files.js';
import { ISSUE_OPTIONS } from './issue-options.js';
import { issueRequest } from './issue-request.js';
import { issuePlanJson, issueQuestion, renderIssuePlan } from './issue-view.js';

/** `zmint ca issue`: certificates for people, services and agents, and for subordinate CAs. */
export const caIssue = defineCommand({
  name: 'ca issue',
  summary: 'issue client and other certificates',
  description:
    'Issues a certificate by the CA of the zone to somebody who is no member: a person, a service, an agent; with --subordinate to another CA. Members get theirs by zmint server add and zmint ssl remint.\nThe profile follows from --eku: a client (as when nothing is said), a server, mail, signed code, or time stamps; a certificate is for a client and a server only when both are named. The common name of a server or a mailbox stands among its names by itself; --san adds others.\nWithout --csr zmint makes the key: it is in the folder of --out as key.pem, which only its owner can read, before anything is signed. With --csr the key stays with whoever made the request; of the request only the key is taken, and with --csr-names its names.\nA subordinate issues for the names that --permit-dns, --permit-ip and --permit-email allow, and for no other DNS name or address once one of them is given.\nWhat was issued is listed by zmint ca list --issued and taken back by zmint ca revoke.',
  arguments: {},
  options: ISSUE_OPTIONS,
  changes: true,
  statuses: [...KEY_STATUSES, 'not-valid-then', 'token-unavailable'],
  examples: [
    {
      line: 'zmint ca issue --name "Ann Example" --eku clientAuth --eku emailProtection --san email:ann@example.com --out . --yes',
      shows: 'a person, for logging in and for mail: key.pem, certificate.pem and ca.pem',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca issue --name backup-agent --san uri:spiffe://example.com/backup --days 30 --key ed25519 --out . --yes',
      shows: 'an agent, for a month',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca issue --subordinate --name "Example Lab CA" --permit-dns lab.example.com --out . --yes',
      shows: 'a CA that can issue for one domain only',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const request = await issueRequest(session, input);
    const { executeIssue, planIssue } = await import('../../src/index.js');
    const files = await issueFiles(session, { ...input, spki: request.csr?.spki ?? null });
    try {
      const decision = await runPlanned<IssuePlan>(session, {
        command: 'ca issue',
        plan: async (ctx, now) => {
          const plan = await planIssue(ctx, { ...request, waiting: files.waiting }, now);
          await files.refuseOthers(plan);
          return plan;
        },
        show: (plan) => ({
          plan: renderIssuePlan(plan, session),
          question: issueQuestion(plan),
        }),
      });
      if (decision.answer !== 'go') return dryRunOutcome(decision, issuePlanJson);
      const report = await executeIssue(decision.ctx, decision.plan, files.outlet);
      try {
        return outcomeOf(decision.plan, report, await written(files, report));
      } finally {
        report.pkcs8?.fill(0);
      }
    } finally {
      files.forget();
    }
  },
});

async function written(files: IssueFiles, report: IssueReport): Promise<readonly string[]> {
  try {
    return await files.write(report);
  } catch (error) {
    const hint = 'mend that, then type the same command again: it goes on';
    throw stillWaiting(error, 'the certificate is issued and recorded', hint);
  }
}

function outcomeOf(plan: IssuePlan, report: IssueReport, written: readonly string[]): Outcome {
  const { record, certificate } = report;
  const wrote = written.map((path) => `Wrote ${escapeText(path)}`);
  return {
    json: {
      dryRun: false,
      plan: issuePlanJson(plan),
      certificate: certificateJson(record),
      pem: certificate,
      written,
    },
    text:
      written.length === 0
        ? certificate
        : [`Issued ${escapeText(record.subject)}, ${record.fingerprint}`, ...wrote].join('\n'),
    diagnostics: [
      `to take it back: zmint ca revoke ${record.fingerprint.slice(0, 16)} --reason REASON`,
    ],
  };
}
