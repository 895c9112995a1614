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
