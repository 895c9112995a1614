import type { Catalog } from './cli/catalog.js';

/** The commands about trust, in the order of the help. */
export const TRUST_COMMANDS: Catalog = [
  {
    kind: 'ready',
    name: 'truststore list',
    summary: 'list the trusted roots',
    load: async () => (await import('./truststore/list.js')).truststoreList,
  },
  {
    kind: 'ready',
    name: 'truststore add',
    summary: 'trust a root',
    aliases: ['add-ca-to-truststore'],
    load: async () => (await import('./truststore/add.js')).truststoreAdd,
  },
  {
    kind: 'ready',
    name: 'truststore remove',
    summary: 'stop trusting a root',
    load: async () => (await import('./truststore/remove.js')).truststoreRemove,
  },
  {
    kind: 'ready',
    name: 'truststore export',
    summary: 'write the trusted roots to a file',
    load: async () => (await import('./truststore/export.js')).truststoreExport,
  },
  {
    kind: 'ready',
    name: 'truststore merge',
    summary: 'merge trust from several sources',
    load: async () => (await import('./truststore/merge.js')).truststoreMerge,
  },
  {
    kind: 'ready',
    name: 'getsscert',
    summary: "fetch and check a server's certificate",
    load: async () => (await import('./getsscert.js')).getsscert,
  },
];
