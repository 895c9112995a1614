import type { Catalog } from './cli/catalog.js';

/** The commands about administrators, in the order of the help. */
export const ADMIN_COMMANDS: Catalog = [
  {
    kind: 'ready',
    name: 'admin add',
    summary: 'add an administrator',
    load: async () => (await import('./admin/add.js')).adminAdd,
  },
  {
    kind: 'ready',
    name: 'admin list',
    summary: 'list the administrators',
    load: async () => (await import('./admin/list.js')).adminList,
  },
  {
    kind: 'ready',
    name: 'admin passwd',
    summary: 'change the password of an administrator',
    load: async () => (await import('./admin/passwd.js')).adminPasswd,
  },
  {
    kind: 'ready',
    name: 'admin remove',
    summary: 'remove an administrator',
    load: async () => (await import('./admin/remove.js')).adminRemove,
  },
];
