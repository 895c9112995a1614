import type { RemovePlan } from '../../src/index.js';
import type { Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { refuseKind } from './refuse-kind.js';
import { removedJson, removePlanJson, renderRemovePlan } from './remove-view.js';

/** Takes a server or a device out of the zone, after its plan; refuses a member of the other kind. */
export async function removeMember(
  session: Session,
  kind: 'server' | 'device',
  word: string,
): Promise<Outcome> {
  const { planRemove, executeRemove } = await import('../../src/index.js');
  const decision = await runPlanned<RemovePlan>(session, {
    command: `${kind} remove`,
    plan: async (ctx, now) => {
      const plan = await planRemove(ctx, word, now);
      refuseKind(plan.member, kind);
      return plan;
    },
    show: (plan) => ({
      plan: renderRemovePlan(plan, session.terminal.width),
      question: `Remove ${plan.member.name}?`,
    }),
  });
  if (decision.answer !== 'go') return dryRunOutcome(decision, removePlanJson);
  await executeRemove(decision.ctx, decision.plan);
  return {
    json: { dryRun: false, removed: removedJson(decision.plan) },
    text: `Removed ${decision.plan.member.path}.`,
  };
}
