import type { SatellitePlan, SatelliteRequest } from '../../src/index.js';
import type { Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import {
  placedJson,
  renderPlaced,
  renderSatellitePlan,
  satellitePlanJson,
  satelliteQuestion,
} from './satellite-view.js';

/** How a command puts a satellite's set: its name, and whether the person is asked. */
export interface PlaceFrame {
  readonly command: 'iac' | 'isc' | 'asr';
  /** `-rc`: goes on without the question. */
  readonly unasked: boolean;
}

/** Plans, shows, asks, and puts a satellite's set; what `iac`, `isc` and `asr` have in common. */
export async function placeSatellite(
  session: Session,
  { command, unasked }: PlaceFrame,
  request: SatelliteRequest,
): Promise<Outcome> {
  const { planSatelliteSet, placeSatelliteSet } = await import('../../src/index.js');
  const decision = await runPlanned<SatellitePlan>(unasked ? withoutAsking(session) : session, {
    command,
    plan: (ctx, now) => planSatelliteSet(ctx, request, now),
    show: (plan) => ({
      plan: renderSatellitePlan(plan, session),
      question: satelliteQuestion(plan),
    }),
  });
  if (decision.answer !== 'go') return dryRunOutcome(decision, satellitePlanJson);
  const { ctx, plan } = decision;
  const evidence = await placeSatelliteSet(ctx, plan);
  return {
    json: () => ({ dryRun: false, ...placedJson(plan, evidence) }),
    text: () => renderPlaced(plan, evidence),
    diagnostics: nextSteps(plan),
  };
}

/** As with --yes: the plan is made under the lock and shown. */
function withoutAsking(session: Session): Session {
  return {
    ...session,
    yes: true,
    confirm: async (confirmation) => {
      if (session.dryRun || session.yes) return session.confirm(confirmation);
      if (!session.json && !session.options.quiet) session.terminal.note(confirmation.plan);
      return 'go';
    },
  };
}

function nextSteps({ member, reconfigure }: SatellitePlan): readonly string[] {
  if (reconfigure && member.reload === null)
    return [
      `next: make ${member.name} read its files again; zmint server set ${member.name} --reload COMMAND does that for you`,
    ];
  return reconfigure ? [] : [`next: zmint asr ${member.name} -t jetty makes it read its files`];
}
