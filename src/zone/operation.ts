import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';
import type {
  Activation,
  CreationState,
  Evidence,
  GatePolicy,
  OperationKind,
  OperationPhase,
  UpdateState,
} from './operation-terms.js';
import type { PlannedAuthority, PlannedServer } from './remint-plan.js';

/** One remint of the CA or of servers, from its plan to its end. */
export interface Operation {
  /** `op-1`, `op-2` … */
  readonly id: string;
  readonly kind: OperationKind;
  readonly phase: OperationPhase;
  readonly activation: Activation;
  readonly policy: GatePolicy;
  /** The last instant at which activation is still safe: before what is replaced ends. */
  readonly deadline: Instant | null;
  readonly updateName: string;
  /** UUID of the certificate update that carries it. */
  readonly updateGuid: string;
  readonly keepKey: boolean;
  readonly compromised: boolean;
  /** The CA generation that it mints or, for a server remint, issues from. */
  readonly generation: number;
  /** The CA generation before it; the same as `generation` for a server remint. */
  readonly previousGeneration: number;
  /** The CA to be minted; null for a server remint. Kept as JSON. */
  readonly plannedAuthority: PlannedAuthority | null;
  readonly startedBy: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
}

/** A member's part in an operation. */
export interface OperationMember {
  readonly operationId: string;
  readonly memberId: string;
  /** Activation goes by rising order: CA server, other Primary Servers, satellites, the rest. */
  readonly order: number;
  /** The certificate to be minted; null for a device. Kept as JSON. */
  readonly planned: PlannedServer | null;
  readonly creation: CreationState | null;
  readonly update: UpdateState;
  /** The set that was live when the operation began; cancel goes back to it. */
  readonly previousSet: number | null;
  /** The set with the old certificate and the wider trust; rollback goes back to it. Null: previousSet. */
  readonly trustSet: number | null;
  readonly futureSet: number | null;
  readonly futureCertificate: Fingerprint | null;
  /** After retiring: the current certificate under the new trust alone. */
  readonly narrowedSet: number | null;
  /** The set that `live` is to point to. Recorded before a switch: recovery goes there. */
  readonly target: number | null;
  /** Rolled back by a person: only a person activates it again. */
  readonly held: boolean;
  readonly evidence: Evidence | null;
  /** When the member's trust bundle was seen to hold the new root. */
  readonly trustProvedAt: Instant | null;
  /** Activation does not wait for it (named by a person). */
  readonly waived: boolean;
  readonly problem: MemberProblem | null;
}

export interface MemberProblem {
  readonly code: string;
  readonly message: string;
  readonly at: Instant;
}
