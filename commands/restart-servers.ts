import type { RestartOutcome, RestartPlan } from '../src/index.js';
import type { JsonDocument, Outcome } from './cli/command.js';
import { dryRunOutcome } from './cli/dry-run-outcome.js';
import { escapeText } from './cli/escape-text.js';
import { exitStatus } from './cli/exit-status.js';
import { runPlanned } from './cli/run-planned.js';
import type { Session } from './cli/session.js';
import { wrapFields } from './cli/wrap-fields.js';

/** Reloads servers and looks at them, after the plan; all that have a reload command when none is named. */
export async function restartServers(
  session: Session,
  command: string,
  words: readonly string[],
): Promise<Outcome> {
  const { planRestart, executeRestart } = await import('../src/index.js');
  const decision = await runPlanned<RestartPlan>(session, {
    command,
    plan: (ctx, now) => planRestart(ctx, words, now),
    show: (plan) => ({
      plan: `Plan: restart\n\n${commands(plan, session.terminal.width)}`,
      question:
        plan.servers.length === 1 ? 'Restart it?' : `Restart ${plan.servers.length} servers?`,
    }),
  });
  if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
  const outcomes = await executeRestart(decision.ctx, decision.plan);
  const failed = outcomes.some(({ outcome }) => !outcome.ok);
  return {
    json: { dryRun: false, restarted: outcomes.map(outcomeJson) },
    text: outcomes.map(outcomeLine).join('\n'),
    status: failed ? exitStatus('partial') : 0,
  };
}

function commands({ servers }: RestartPlan, width: number): string {
  return wrapFields(
    servers.map(({ member }) => [member.name, member.reload ?? '']),
    width,
  );
}

function planJson({ servers }: RestartPlan): JsonDocument {
  return { servers: servers.map(({ member }) => ({ name: member.name, reload: member.reload })) };
}

function outcomeJson({ member, outcome }: RestartOutcome): JsonDocument {
  if (outcome.ok) return { name: member.name, ok: true, evidence: outcome.evidence };
  const { code, message } = outcome.error;
  return { name: member.name, ok: false, problem: { code, message } };
}

function outcomeLine({ member, outcome }: RestartOutcome): string {
  if (!outcome.ok) return `${member.name}: ${escapeText(outcome.error.message)}`;
  const how = outcome.evidence === 'handshake' ? ', and serves its certificate' : '';
  return `${member.name}: reloaded${how}`;
}
