import { ZmintError } from '../../src/errors.js';
import { renderMoment, type OffsetAt, type RemoveAnchorsPlan } from '../../src/index.js';
import { defineCommand, type JsonDocument } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { counted } from '../cli/list-cut.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { anchorJson } from './anchor-json.js';
import { PARTNER_TRUSTED } from './given.js';

/** `zmint truststore remove`: the zone trusts a root no more. */
export const truststoreRemove = defineCommand({
  name: 'truststore remove',
  summary: 'stop trusting a root',
  description:
    'Takes added roots out of the trust of the zone, by alias or by SHA-256 fingerprint, of which 8 digits are enough. A root that the certificate of a server needs stays, whether that certificate is in use or waits; so do the own roots of the zone, which zmint ssl retire takes out.\nIt leaves truststore/cacerts.pem at once. Members that have it in their bundle keep it until their next set; the command says how many.',
  arguments: {
    roots: { kind: 'rest', value: 'ALIAS', summary: 'aliases or fingerprints', parse: text },
  },
  options: {},
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'not-found',
    'unsafe-path',
    'damaged',
    'policy',
    'storage',
  ],
  examples: [
    {
      line: 'zmint truststore remove partner --yes',
      shows: 'a partner that is one no more',
      given: PARTNER_TRUSTED,
    },
  ],
  async run(session, input) {
    if (input.roots.length === 0) {
      throw new ZmintError('usage', 'which root is to be removed?', {
        hint: 'zmint truststore list',
      });
    }
    const { planRemoveAnchors, executeRemoveAnchors } = await import('../../src/index.js');
    const decision = await runPlanned<RemoveAnchorsPlan>(session, {
      command: 'truststore remove',
      plan: (ctx, now) => planRemoveAnchors(ctx, input.roots, now),
      show: (plan) => ({
        plan: renderRemovePlan(plan, session.terminal.width, session.offsetAt),
        question: `Stop trusting ${counted(plan.anchors.length, 'root')}?`,
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
    await executeRemoveAnchors(decision.ctx, decision.plan);
    const { plan } = decision;
    return {
      json: { dryRun: false, ...planJson(plan) },
      text: plan.anchors.map(({ alias }) => `${alias} is trusted no more.`).join('\n'),
      diagnostics:
        plan.holding.length === 0
          ? []
          : [
              `${counted(plan.holding.length, 'member')} still trust it until the next set; at once: ${plan.next ?? 'zmint status'}`,
            ],
    };
  },
});

function planJson(plan: RemoveAnchorsPlan): JsonDocument {
  return {
    removed: plan.anchors.map(anchorJson),
    holding: plan.holding.map(({ path }) => path),
    next: plan.next,
  };
}

function renderRemovePlan(plan: RemoveAnchorsPlan, width: number, offsetAt: OffsetAt): string {
  const blocks = plan.anchors.map((anchor) =>
    wrapFields(
      [
        ['Alias', anchor.alias],
        ['SHA-256', anchor.certificate],
        ['Since', renderMoment(anchor.since, offsetAt)],
      ],
      width,
    ),
  );
  const held = plan.holding.length;
  const effect =
    held === 0 ? '' : `\n${counted(held, 'member')} keep it in the bundle until the next set.\n`;
  return `${[`Plan: stop trusting ${counted(plan.anchors.length, 'root')}`, ...blocks].join('\n\n')}${effect}`;
}
