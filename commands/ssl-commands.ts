import type { Catalog } from './cli/catalog.js';

/** The commands about certificates of servers, in the order of the help. */
export const SSL_COMMANDS: Catalog = [
  {
    kind: 'ready',
    name: 'ssl list',
    summary: 'list the certificates of servers',
    load: async () => (await import('./ssl/list.js')).sslList,
  },
  {
    kind: 'ready',
    name: 'ssl show',
    summary: 'show the certificate of a server',
    load: async () => (await import('./ssl/show.js')).sslShow,
  },
  {
    kind: 'ready',
    name: 'ssl remint',
    summary: 'remint server certificates, or the CA and all of them',
    load: async () => (await import('./ssl/remint.js')).sslRemint,
  },
  {
    kind: 'ready',
    name: 'ssl csr',
    summary: 'make signing requests for an external CA',
    aliases: ['generate-csr'],
    load: async () => (await import('./ssl/csr.js')).sslCsr,
  },
  {
    kind: 'ready',
    name: 'ssl import',
    summary: 'import what an external CA signed',
    load: async () => (await import('./ssl/import.js')).sslImport,
  },
  {
    kind: 'ready',
    name: 'ssl activate',
    summary: 'switch servers to their future certificates',
    load: async () => (await import('./ssl/activate.js')).sslActivate,
  },
  {
    kind: 'ready',
    name: 'ssl resume',
    summary: 'go on with what waits or was interrupted; for cron',
    load: async () => (await import('./ssl/resume.js')).sslResume,
  },
  {
    kind: 'ready',
    name: 'ssl cancel',
    summary: 'cancel the running operation',
    load: async () => (await import('./ssl/cancel.js')).sslCancel,
  },
  {
    kind: 'ready',
    name: 'ssl rollback',
    summary: 'switch servers back to their certificates from before',
    load: async () => (await import('./ssl/rollback.js')).sslRollback,
  },
  {
    kind: 'ready',
    name: 'ssl retire',
    summary: 'take the old root out of the trust of the zone',
    load: async () => (await import('./ssl/retire.js')).sslRetire,
  },
  {
    kind: 'ready',
    name: 'ssl verify',
    summary: 'connect to servers and judge what they show',
    load: async () => (await import('./ssl/verify.js')).sslVerify,
  },
];
