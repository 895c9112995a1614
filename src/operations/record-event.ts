import type { OperationContext } from '../ports/context.js';
import type { AuditEntry } from '../zone/audit-event.js';
import type { Change, ChangeStream } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';

export interface Happening {
  readonly what: string;
  readonly at: Instant;
  readonly operationId?: string | null;
  readonly details?: AuditEntry['details'];
}

/** Commits changes with the audit entry that explains them. Throws what `ZoneStore.commit` throws. */
export async function recordEvent(
  ctx: OperationContext,
  happening: Happening,
  changes: readonly Change[] | ChangeStream,
): Promise<void> {
  const entry: AuditEntry = {
    at: happening.at,
    actor: ctx.actor,
    what: happening.what,
    operationId: happening.operationId ?? null,
    details: happening.details ?? {},
  };
  await ctx.store.commit(entry, changes);
}
