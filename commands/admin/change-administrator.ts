import type { AdministratorPlan, OperationContext } from '../../src/index.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { runPlanned, type PlannedChange } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { newPassword } from './new-password.js';

/** A change of an administrator that needs a new password. */
export interface PasswordChange {
  readonly change: PlannedChange<AdministratorPlan>;
  readonly given: Parameters<typeof newPassword>[1];
  readonly execute: (
    ctx: OperationContext,
    plan: AdministratorPlan,
    password: Uint8Array,
  ) => Promise<void>;
  /** What was done, as a line. */
  readonly done: (plan: AdministratorPlan) => string;
}

/**
 * Plans the change, asks for the password, then shows the plan and asks. So a name that cannot be is
 * told before anybody has typed a password, and the zone is not locked while somebody types.
 */
export async function changeWithPassword(
  session: Session,
  { change, given, execute, done }: PasswordChange,
): Promise<Outcome> {
  await change.plan(await session.open(), session.now);
  const password = session.dryRun ? new Uint8Array() : await newPassword(session, given);
  try {
    const decision = await runPlanned(session, change);
    if (decision.answer !== 'go') return dryRunOutcome(decision, administratorJson);
    await execute(decision.ctx, decision.plan, password);
    return {
      json: { dryRun: false, administrator: administratorJson(decision.plan) },
      text: done(decision.plan),
    };
  } finally {
    password.fill(0);
  }
}

/** An administrator in a plan, for scripts. */
export function administratorJson({ name, privilege }: AdministratorPlan): JsonDocument {
  return { name, privilege };
}
