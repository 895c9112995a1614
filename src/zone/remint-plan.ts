import type { Fingerprint } from './fingerprint.js';
import type { Instant, Seconds } from './instant.js';
import type { KeySpec } from './key-spec.js';
import type { Activation, GatePolicy, OperationKind } from './operation-terms.js';
import type { ServerNames } from './server-names.js';
import type { Validity } from './validity.js';

/** What a person asked of a remint. */
export interface RemintRequest {
  readonly servers: readonly string[];
  readonly all: boolean;
  readonly ca: boolean;
  /** Only what expires within so many seconds; null: whatever was named. */
  readonly dueWithin: Seconds | null;
  readonly keepKey: boolean;
  readonly keySpec: KeySpec | null;
  readonly years: number | null;
  readonly commonName: string | null;
  readonly includeDns: boolean | null;
  readonly activateAt: { readonly when: 'now' } | Exclude<Activation, { when: 'held' }>;
  readonly updateName: string | null;
  readonly policy: GatePolicy | null;
  readonly compromised: boolean;
}

/** The next CA as planned. */
export interface PlannedAuthority {
  readonly generation: number;
  readonly previousGeneration: number;
  readonly commonName: string;
  /** What the subject's CN will be: the common name, from the second generation on with ` G<n>`. */
  readonly subjectCommonName: string;
  readonly keySpec: KeySpec;
  readonly keepKey: boolean;
  readonly validity: Validity;
  /** The new key certified by the old CA, so that clients with only the old root go on. */
  readonly newWithOld: boolean;
  /** The old key certified by the new CA, so that clients with only the new root come in at once. */
  readonly oldWithNew: boolean;
  readonly replaces: Fingerprint;
}

/** One server's next certificate as planned. */
export interface PlannedServer {
  readonly memberId: string;
  readonly name: string;
  readonly names: ServerNames;
  readonly keySpec: KeySpec;
  readonly keepKey: boolean;
  readonly validity: Validity;
  readonly replaces: Fingerprint | null;
  readonly replacedEnds: Instant | null;
  /** A set that a person placed into the remint-repo is taken instead of minting one. */
  readonly placedByHand: boolean;
  /** An import put it there, beside nothing of a person: a cancel takes it out again. */
  readonly imported?: boolean;
  /** Activation goes by rising order. */
  readonly order: number;
}

/** A member that loses contact when the plan is carried out, and how it comes back. */
export interface PlannedBreak {
  readonly member: string;
  readonly reason: string;
  readonly rescue: string;
}

/** A remint, decided but not begun: nothing has been written. */
export interface RemintPlan {
  readonly kind: OperationKind;
  /** The audit sequence that the plan was made on; carried out only while it still holds. */
  readonly basis: number;
  readonly at: Instant;
  readonly authority: PlannedAuthority | null;
  readonly servers: readonly PlannedServer[];
  /** Devices that must learn the new trust. */
  readonly devices: readonly string[];
  readonly activation: Activation;
  readonly immediate: boolean;
  readonly deadline: Instant | null;
  readonly policy: GatePolicy;
  readonly updateName: string;
  readonly compromised: boolean;
  readonly warnings: readonly string[];
  readonly breaks: readonly PlannedBreak[];
}
