import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { oneOf, text, when, wholeNumber } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { SUBJECT_OPTIONS } from '../ssl/csr-options.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { operationOutcome } from '../ssl/operation-outcome.js';
import { NO_BACKUP_CHECK } from './backup-option.js';
import { changeRequest, subordinateWanted } from './change-request.js';
import { requestAuthority } from './request-authority.js';
import { caChangePlanJson, caChangeQuestion, renderCaChangePlan } from './change-view.js';

/** `zmint ca change`: from an internal CA to an external one, to another external one, and back. */
export const caChange = defineCommand({
  name: 'ca change',
  summary: 'change the CA to an external or an internal one',
  description:
    'With --to external the next CA is the one whose certificates are in the file of --chain, in any format and order, the root among them; that is also how the chain of the same CA is renewed. With --to internal a server of the zone makes the next CA and holds its key.\nNo cross-certificate can help, so trust comes first: every member gets the old and the new root at once, and activation waits until all have proved it and, under an external CA, until every server has its certificate. zmint update readiness shows for whom it waits; zmint update ignore goes on without a member.\nTo an external CA a key and a request are made for every server (--csr auto) or by a person (--csr manual, with zmint generate-csr). What the CA signs is taken by zmint ssl import, or from the remint-repos. A zone that holds the key of a CA wants a verified backup first that is younger than the setting backup.maxAgeHours (zmint ca backup); --no-backup-check goes on without, and a zone under an external CA has no key to lose. zmint ca cancel gives the change up, zmint ssl rollback goes back after the activation, zmint ssl retire lets the old root go.\nWith --to internal --subordinate the next CA is one of the zone that a CA above it signs: a request for its certificate is written, and the CA of today goes on until zmint ssl import brings the certificate, which wants the backup. Where the root above stays the same, no trust needs to be spread.',
  arguments: {},
  options: {
    to: {
      kind: 'value',
      flag: '--to',
      value: 'KIND',
      summary: 'external or internal',
      parse: oneOf<'external' | 'internal'>(['external', 'internal']),
    },
    chain: {
      kind: 'value',
      flag: '--chain',
      value: 'FILE',
      summary: 'the certificates of the external CA',
      parse: text,
    },
    csr: {
      kind: 'value',
      flag: '--csr',
      value: 'HOW',
      summary: 'auto (as when nothing is said): requests for all servers now; manual: none',
      parse: oneOf<'auto' | 'manual'>(['auto', 'manual']),
    },
    server: {
      kind: 'value',
      flag: '--server',
      value: 'SERVER',
      summary: 'the server that makes the internal CA and holds its key',
      parse: text,
    },
    commonName: {
      kind: 'value',
      flag: '--common-name',
      value: 'CN',
      summary: 'the common name of the internal CA; the name of the zone when nothing is said',
      parse: text,
    },
    years: {
      kind: 'value',
      flag: '--years',
      value: 'N',
      summary: 'how long the internal CA is valid: 1 to 10, 10 when nothing is said',
      parse: wholeNumber(1, 10),
    },
    noPassphrase: {
      kind: 'flag',
      flag: '--no-passphrase',
      summary: 'leave the key of the internal CA open to whoever can read the zone home',
    },
    subordinate: {
      kind: 'flag',
      flag: '--subordinate',
      summary: 'a CA above the internal CA is to sign it: makes a request and waits',
    },
    out: {
      kind: 'value',
      flag: '--out',
      value: 'FILE',
      summary: 'where the request of --subordinate goes; ca.csr when nothing is said',
      parse: text,
    },
    activateAt: {
      kind: 'value',
      flag: '--activate-at',
      value: 'WHEN',
      summary: 'ready (as when nothing is said), now, 36h, or a time such as 2027-03-01T22:00',
      parse: when,
    },
    updateName: {
      kind: 'value',
      flag: '--update-name',
      value: 'NAME',
      summary: 'what the certificate update is called',
      parse: text,
    },
    noBackupCheck: NO_BACKUP_CHECK,
    ...SUBJECT_OPTIONS,
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'unreachable',
    'served-differs',
    'reload-failed',
    'storage',
    'token-unavailable',
    'partial',
  ],
  examples: [
    {
      line: 'zmint ca change --to external --chain chain.pem --o "Example Ltd" --yes',
      shows: 'the CA of the company takes over; requests are made for all servers',
      given: [...SMALL_ZONE, 'zmint ca backup zone.age --passphrase-file secret.txt --yes'],
    },
    {
      line: 'zmint ca change --to external --chain chain.pem --dry-run',
      shows: 'the plan for it, nothing else',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca change --to internal --subordinate --yes',
      shows: 'a CA of the zone that the CA of the company is to sign',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca change --to internal --server web1 --no-passphrase --yes',
      shows: 'back to a CA of the zone itself',
      given: [
        'zmint init --name Example --server web1 --dns web1.example.com --ca external --chain chain.pem --yes',
      ],
    },
  ],
  async run(session, input) {
    if (input.subordinate) {
      const wanted = subordinateWanted(session, input);
      return requestAuthority(session, 'ca change', wanted, input.out);
    }
    const request = await changeRequest(session, input);
    const formats = await session.formats();
    const { executeCaChange, planCaChange } = await import('../../src/index.js');
    const decision = await runPlanned(session, {
      command: 'ca change',
      plan: async (ctx, now) => planCaChange(ctx, formats, request, now),
      show: (plan) => {
        for (const note of plan.notes) session.warn(note);
        return { plan: renderCaChangePlan(plan, session), question: caChangeQuestion(plan) };
      },
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, caChangePlanJson);
    const report = await executeCaChange(decision.ctx, decision.plan);
    return operationOutcome(session, report, { plan: caChangePlanJson(decision.plan) });
  },
});
