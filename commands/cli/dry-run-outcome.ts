import type { JsonDocument, Outcome } from './command.js';
import type { Decision } from './run-planned.js';

/** What is left when a plan was only shown, or when there was nothing to do. */
export function dryRunOutcome<P>(
  decision: Exclude<Decision<P>, { readonly answer: 'go' }>,
  planJson: (plan: P) => JsonDocument,
): Outcome {
  if (decision.answer === 'nothing') {
    return { json: { dryRun: false, plan: null }, text: 'There is nothing to do.' };
  }
  return {
    json: { dryRun: true, plan: planJson(decision.plan) },
    text: 'Nothing was changed: this was a dry run.',
  };
}
