import type { RemintRequest } from './remint-plan.js';

/** A request in which nobody has asked for anything: each use says what it wants. */
export const BARE_REMINT: RemintRequest = {
  servers: [],
  all: false,
  ca: false,
  dueWithin: null,
  keepKey: false,
  keySpec: null,
  years: null,
  commonName: null,
  includeDns: null,
  activateAt: { when: 'ready' },
  updateName: null,
  policy: null,
  compromised: false,
};
