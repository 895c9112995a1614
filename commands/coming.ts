import type { Catalog } from './cli/catalog.js';

/** Names that later versions will have, in the order of the help; each says that it is not there yet. */
export const COMING: Catalog = [
  { kind: 'coming', name: 'reg', summary: 'register this device in the zone' },
  { kind: 'coming', name: 'unr', summary: 'unregister this device' },
  { kind: 'coming', name: 'refresh', summary: 'fetch what the zone has for this device' },
  { kind: 'coming', name: 'retr', summary: 're-establish the trust of this device' },
  { kind: 'coming', name: 'update list', summary: 'list certificate updates' },
  { kind: 'coming', name: 'update show', summary: 'show a certificate update' },
  { kind: 'coming', name: 'update replication', summary: 'show how far replication is' },
  { kind: 'coming', name: 'update assign', summary: 'assign an update without waiting' },
  { kind: 'coming', name: 'update redeploy', summary: 'send an update again' },
  { kind: 'coming', name: 'update baseline', summary: 'make an update the baseline' },
  {
    kind: 'coming',
    name: 'update kit',
    summary: 'write the offline kit for members that were away',
  },
  { kind: 'coming', name: 'serve', summary: "run the zone's HTTPS service" },
  { kind: 'coming', name: 'token create', summary: 'make a one-time registration token' },
  { kind: 'coming', name: 'token list', summary: 'list the registration tokens' },
  { kind: 'coming', name: 'token revoke', summary: 'revoke a registration token' },
];
