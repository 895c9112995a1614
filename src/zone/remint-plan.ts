import type { AuthorityOrigin, CaChange } from './ca-change.js';
import type { CutList } from './cut-list.js';
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
  /** Without a fresh verified backup the CA is not changed; absent: nobody asks. */
  readonly freshBackup?: boolean;
  /** The next CA comes from elsewhere than the one of today; absent: a remint. */
  readonly change?: CaChange;
  /** Where the key of the next CA is to be; absent: in a file. */
  readonly token?: WantedToken;
}

/** A place in a token for the next CA's key. */
export interface WantedToken {
  /** As `renderKeyUri` gives it. */
  readonly uri: string;
  /** `named`: a person named this place. `beside`: the key of today lies there, and the next one beside it. */
  readonly kind: 'named' | 'beside';
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
  /** Absent: the CA of today makes it. */
  readonly origin?: AuthorityOrigin;
  /** Where its new key is to be; absent: in a file. The URI has no id yet when the key is to be a new one. */
  readonly token?: WantedToken;
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
  /** An external CA is to make it: it is taken when it has come. */
  readonly awaited?: boolean;
  /** Activation goes by rising order. */
  readonly order: number;
}

/** What is known of the last verified backup before the CA is changed. */
export interface PlannedBackup {
  readonly words: string;
  /** Whether the plan is carried out with it. */
  readonly suffices: boolean;
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
  /** What was asked; with the same zone it leads to the same plan. */
  readonly request: RemintRequest;
  /** Ids of members whose remint-repo holds a set that a person put there. */
  readonly placedByHand: ReadonlySet<string>;
  /** The audit sequence that the plan was made on; carried out only while it still holds. */
  readonly basis: number;
  readonly at: Instant;
  readonly authority: PlannedAuthority | null;
  /** In the order of activation; in a large zone only the first ones. */
  readonly servers: CutList<PlannedServer>;
  /** How many of the servers keep their key, and how many take a set placed by hand. */
  readonly keeping: number;
  readonly placed: number;
  /** Names of devices that must learn the new trust, and of those among them that zmint reaches by no folder. */
  readonly devices: CutList<string>;
  readonly unreached: CutList<string>;
  /** Names of the planned servers that have no reload command. */
  readonly withoutReload: CutList<string>;
  readonly activation: Activation;
  readonly immediate: boolean;
  readonly deadline: Instant | null;
  readonly policy: GatePolicy;
  readonly updateName: string;
  readonly compromised: boolean;
  /** How old the last verified backup is, in words; absent where nobody asks. */
  readonly backup?: PlannedBackup;
  readonly warnings: CutList<string>;
  readonly breaks: CutList<PlannedBreak>;
}
