import { isValidAt, type Validity } from './validity.js';
import type { Instant } from './instant.js';
import type { Operation, OperationMember } from './operation.js';

/** Which kinds of clients a server must satisfy just now. */
export interface ClientDemand {
  /** Null: clients that hold the zone's whole trust bundle. */
  readonly generation: number | null;
  /** `clients with only the old root`. */
  readonly who: string;
}

/** What the demand is decided from. */
export interface ClientQuestion {
  /** The CA operation that runs; undefined: none. */
  readonly operation: Operation | undefined;
  /** The server's part in it. */
  readonly part: OperationMember | undefined;
  /** The root that is replaced. */
  readonly oldRoot: Validity | undefined;
  readonly now: Instant;
}

/**
 * The clients that must get through while a CA is replaced (`rotation.md`, cross-certificates): from
 * staging to retiring those with only the old root and those with only the new one, as far as
 * cross-certificates can do that. A compromised or expired old root is no longer served, and a change
 * of the CA has no cross-certificates: both roots were spread before.
 */
export function decideClients(question: ClientQuestion): readonly ClientDemand[] {
  const { operation, part, oldRoot, now } = question;
  if (operation === undefined || !isSpread(operation)) return [EVERYBODY];
  const { generation, previousGeneration } = operation;
  const demands: ClientDemand[] = [];
  if (oldRoot !== undefined && isValidAt(oldRoot, now))
    demands.push({ generation: previousGeneration, who: 'clients with only the old root' });
  if (part?.trustProvedAt !== null)
    demands.push({ generation, who: 'clients with only the new root' });
  return demands.length === 0 ? [EVERYBODY] : demands;
}

const EVERYBODY: ClientDemand = { generation: null, who: 'clients of the zone' };

/** Whether both roots are to lead to every server. */
function isSpread({ phase, compromised, plannedAuthority }: Operation): boolean {
  const crossed = !compromised && plannedAuthority?.origin === undefined;
  return crossed && (phase === 'armed' || phase === 'activating' || phase === 'active');
}
