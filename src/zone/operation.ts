import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

export type OperationKind = 'ca-remint' | 'server-remint';

/** The phases of an operation; `preparing` is `plan` being carried out. */
export type OperationPhase =
  | 'preparing'
  | 'prepared'
  | 'staging'
  | 'armed'
  | 'activating'
  | 'active'
  | 'retiring'
  | 'cancelling'
  | 'done'
  | 'cancelled';

/** When servers may be switched: at an instant, once all have proved the new trust, or when told. */
export type Activation =
  | { readonly when: 'at'; readonly instant: Instant }
  | { readonly when: 'ready' }
  | { readonly when: 'held' };

/** `date`: activate at the instant whatever the gate says. `gate`: wait for every member. */
export type GatePolicy = 'date' | 'gate';

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
  readonly startedBy: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
}

export type CreationState = 'new-certificate-created' | 'creating-certificate-failed';

/** The manuals' states of a certificate update on a member. */
export type UpdateState =
  | 'not-assigned'
  | 'update-assigned'
  | 'pending-certificate-activation'
  | 'update-completed'
  | 'error'
  | 'ignored';

/** How it is known that the member serves the new certificate. */
export type Evidence = 'handshake' | 'files';

/** A member's part in an operation. */
export interface OperationMember {
  readonly operationId: string;
  readonly memberId: string;
  /** Activation goes by rising order: CA server, other Primary Servers, satellites, the rest. */
  readonly order: number;
  readonly creation: CreationState | null;
  readonly update: UpdateState;
  /** The set that was live when the operation began; cancel goes back to it. */
  readonly previousSet: number | null;
  /** The set with the old certificate and the wider trust; rollback goes back to it. Null: previousSet. */
  readonly trustSet: number | null;
  readonly futureSet: number | null;
  readonly futureCertificate: Fingerprint | null;
  /** A switch is recorded before it is made, and cleared when its end is known. */
  readonly switchingTo: number | null;
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
