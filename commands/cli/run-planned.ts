import { ZmintError } from '../../src/errors.js';
import type { Instant, OperationContext, ReadContext } from '../../src/index.js';
import type { Confirmation, Session } from './session.js';

/** A plan that says on which state of the zone it was made. */
interface Based {
  /** The audit sequence. */
  readonly basis: number;
}

/** A change of the zone that is planned first. */
export interface PlannedChange<P extends Based> {
  /** The words of the command, for those that find the zone busy. */
  readonly command: string;
  /** Undefined: there is nothing to do. */
  plan(ctx: ReadContext, now: Instant): Promise<P | undefined>;
  show(plan: P): Confirmation;
}

/** What came of it: `go` with the zone open for writing, or the end of the command. */
export type Decision<P> =
  | { readonly answer: 'go'; readonly plan: P; readonly ctx: OperationContext }
  | { readonly answer: 'dry-run'; readonly plan: P }
  | { readonly answer: 'nothing' };

/**
 * Plans, shows, asks. With --yes the plan is made under the zone's lock. A person is asked without
 * it, so that nobody waits for the answer; afterwards the plan is made again, by the clock of then.
 * Throws `plan-outdated` when the zone has changed meanwhile, and what planning, asking and opening
 * the zone throw.
 */
export async function runPlanned<P extends Based>(
  session: Session,
  change: PlannedChange<P>,
): Promise<Decision<P>> {
  const locked = session.yes && !session.dryRun;
  const ctx = locked ? await session.openForWriting(change.command) : await session.open();
  const plan = await change.plan(ctx, session.now);
  if (plan === undefined) return { answer: 'nothing' };
  const { plan: text, question } = change.show(plan);
  const answer = await session.confirm({ plan: `${text}\n`, question });
  if (answer === 'dry-run') return { answer, plan };
  const writer = await session.openForWriting(change.command);
  if (locked) return { answer, plan, ctx: writer };
  return { answer, plan: await planAgain(writer, change, plan.basis), ctx: writer };
}

async function planAgain<P extends Based>(
  ctx: OperationContext,
  change: PlannedChange<P>,
  basis: number,
): Promise<P> {
  const plan = await change.plan(ctx, ctx.clock.now());
  if (plan?.basis === basis) return plan;
  throw new ZmintError('plan-outdated', 'the zone has changed since this plan was shown', {
    hint: 'run the command again to see the new plan',
  });
}
