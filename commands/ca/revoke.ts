import { ZmintError } from '../../src/errors.js';
import type { RevokePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { pastMoment, text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { KEY_STATUSES } from './key-statuses.js';
import { crlOutcome, NO_RELOAD } from './crl.js';
import { renderRevokePlan, revokePlanJson, revokeQuestion } from './revoke-view.js';

/** `zmint ca revoke`: takes a certificate back, and says so in a new revocation list. */
export const caRevoke = defineCommand({
  name: 'ca revoke',
  summary: 'revoke a certificate',
  description:
    'Takes back a certificate that the CA of the zone issued, for good, and makes the revocation list that says so in the same run. The certificate is named by its server, by 8 digits or more of its fingerprint, by its serial number, or by a file that holds it.\nReasons: key-compromise, superseded, cessation-of-operation, affiliation-changed, privilege-withdrawn, unspecified; ca-compromise for a subordinate CA. A hold is not taken: who missed the end of it would refuse the certificate for ever.\nThe reload commands of the servers are run then, so that they read the list (--no-reload leaves that out). Revoking changes nothing else on the server: it goes on serving the certificate until it is reminted, and only clients that ask for revocation lists refuse it. The CA itself cannot be revoked by its own list: zmint ssl remint --ca --compromised replaces it, or zmint ssl remint --ca where a CA above it signs it.',
  arguments: {
    certificate: {
      kind: 'required',
      value: 'CERT',
      summary: 'a server, a fingerprint or its first digits, a serial number, or a file',
      parse: text,
    },
  },
  options: {
    reason: {
      kind: 'value',
      flag: '--reason',
      value: 'REASON',
      summary: 'why: key-compromise, superseded, cessation-of-operation …',
      parse: text,
    },
    invalidSince: {
      kind: 'value',
      flag: '--invalid-since',
      value: 'WHEN',
      summary: 'since when its key cannot be relied on: a time, or a duration back from now',
      parse: pastMoment,
    },
    noReload: NO_RELOAD,
  },
  changes: true,
  statuses: [...KEY_STATUSES, 'ambiguous-member', 'not-valid-then', 'token-unavailable', 'partial'],
  examples: [
    {
      line: 'zmint ca revoke web1 --reason key-compromise --yes',
      shows: 'the key of a server has leaked: what it serves now is revoked; remint it next',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca revoke web1 --reason superseded --invalid-since 2d --dry-run',
      shows: 'the plan alone',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const { executeRevocation, parseRevocationReason, planRevocation } =
      await import('../../src/index.js');
    if (input.reason === undefined) {
      throw new ZmintError('usage', 'why is it revoked? --reason is missing', {
        hint: '--reason key-compromise, superseded, cessation-of-operation …',
      });
    }
    const word = input.certificate;
    const request = {
      certificate: {
        word,
        file: (await session.exists(word)) ? await session.readFile(word) : null,
      },
      reason: parseRevocationReason(input.reason),
      invalidityDate: input.invalidSince ?? null,
      reload: !input.noReload,
    };
    const decision = await runPlanned<RevokePlan>(session, {
      command: 'ca revoke',
      plan: (ctx, now) => planRevocation(ctx, request, now),
      show: (plan) => ({
        plan: renderRevokePlan(plan, session),
        question: revokeQuestion(plan),
      }),
    });
    if (decision.answer === 'nothing') {
      const already = 'It is revoked already, for that reason. There is nothing to do.';
      return { json: { dryRun: false, plan: null }, text: already };
    }
    if (decision.answer !== 'go') return dryRunOutcome(decision, revokePlanJson);
    const report = await executeRevocation(decision.ctx, decision.plan);
    const { plan } = decision;
    const outcome = crlOutcome(session, report, { out: null, next: plan.next });
    return {
      ...outcome,
      json: { dryRun: false, plan: revokePlanJson(plan), ...crlFacts(outcome) },
    };
  },
});

function crlFacts(outcome: ReturnType<typeof crlOutcome>): Readonly<Record<string, unknown>> {
  return typeof outcome.json === 'function' ? outcome.json() : outcome.json;
}
