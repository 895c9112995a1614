import { ADMIN_COMMANDS } from './admin-commands.js';
import type { Catalog } from './cli/catalog.js';
import { COMING } from './coming.js';
import { TRUST_COMMANDS } from './trust-commands.js';
import { SSL_COMMANDS } from './ssl-commands.js';

/**
 * Every command in the order of the help. A command's file is loaded when it is called, so that
 * help loads nothing that works. Names of later versions are `coming`: they answer to --help and
 * fail with `not-available-yet`.
 */
export const REGISTRY: Catalog = [
  {
    kind: 'ready',
    name: 'init',
    summary: 'create a zone with its CA and first server',
    load: async () => (await import('./init.js')).init,
  },
  {
    kind: 'ready',
    name: 'status',
    summary: 'show the zone at a glance, and what to type next',
    load: async () => (await import('./status.js')).status,
  },
  {
    kind: 'ready',
    name: 'doctor',
    summary: 'look at everything and say what mends it',
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    kind: 'ready',
    name: 'check',
    summary: "answer like a monitoring plugin: the zone's health",
    load: async () => (await import('./check.js')).check,
  },
  {
    kind: 'ready',
    name: 'server add',
    summary: 'add a server, or many from a CSV file',
    load: async () => (await import('./server/add.js')).serverAdd,
  },
  {
    kind: 'ready',
    name: 'server list',
    summary: 'list the servers of the zone',
    load: async () => (await import('./server/list.js')).serverList,
  },
  {
    kind: 'ready',
    name: 'server show',
    summary: 'show what the zone knows about a server',
    load: async () => (await import('./server/show.js')).serverShow,
  },
  {
    kind: 'ready',
    name: 'server set',
    summary: 'change what the zone knows about a server',
    load: async () => (await import('./server/set.js')).serverSet,
  },
  {
    kind: 'ready',
    name: 'server remove',
    summary: 'remove a server from the zone',
    load: async () => (await import('./server/remove.js')).serverRemove,
  },
  {
    kind: 'ready',
    name: 'device add',
    summary: 'add a device, which only trusts',
    load: async () => (await import('./device/add.js')).deviceAdd,
  },
  {
    kind: 'ready',
    name: 'device list',
    summary: 'list the devices of the zone',
    load: async () => (await import('./device/list.js')).deviceList,
  },
  {
    kind: 'ready',
    name: 'device show',
    summary: 'show what the zone knows about a device',
    load: async () => (await import('./device/show.js')).deviceShow,
  },
  {
    kind: 'ready',
    name: 'device remove',
    summary: 'remove a device from the zone',
    load: async () => (await import('./device/remove.js')).deviceRemove,
  },
  {
    kind: 'ready',
    name: 'ca show',
    summary: 'show the certificate authority',
    load: async () => (await import('./ca/show.js')).caShow,
  },
  {
    kind: 'ready',
    name: 'ca list',
    summary: 'list every generation of the certificate authority',
    load: async () => (await import('./ca/list.js')).caList,
  },
  {
    kind: 'ready',
    name: 'ca export',
    summary: "write the CA's certificate, or the trust bundle",
    load: async () => (await import('./ca/export.js')).caExport,
  },
  {
    kind: 'shortcut',
    name: 'ca remint',
    summary: 'remint the CA and every server certificate',
    means: ['ssl', 'remint', '--ca'],
  },
  {
    kind: 'ready',
    name: 'ca change',
    summary: 'change the CA to an external or an internal one',
    load: async () => (await import('./ca/change.js')).caChange,
  },
  {
    kind: 'ready',
    name: 'ca backup',
    summary: 'write the CA and the zone to an encrypted file, and prove it',
    aliases: ['backup-ca'],
    load: async () => (await import('./ca/backup.js')).caBackup,
  },
  {
    kind: 'ready',
    name: 'ca backup verify',
    summary: 'check that a CA backup can be restored',
    load: async () => (await import('./ca/backup-verify.js')).caBackupVerify,
  },
  {
    kind: 'ready',
    name: 'ca restore',
    summary: 'bring the CA and the zone back from a backup',
    aliases: ['restore-ca'],
    load: async () => (await import('./ca/restore.js')).caRestore,
  },
  {
    kind: 'ready',
    name: 'ca move',
    summary: 'move the CA role to another server',
    load: async () => (await import('./ca/move.js')).caMove,
  },
  {
    kind: 'ready',
    name: 'ca token',
    summary: 'reach the CA key in a token by another module',
    load: async () => (await import('./ca/token.js')).caToken,
  },
  {
    kind: 'ready',
    name: 'ca crl',
    summary: 'make the revocation list',
    load: async () => (await import('./ca/crl.js')).caCrl,
  },
  {
    kind: 'ready',
    name: 'ca issue',
    summary: 'issue client and other certificates',
    load: async () => (await import('./ca/issue.js')).caIssue,
  },
  {
    kind: 'ready',
    name: 'ca revoke',
    summary: 'revoke a certificate',
    load: async () => (await import('./ca/revoke.js')).caRevoke,
  },
  {
    kind: 'shortcut',
    name: 'ca cancel',
    summary: 'cancel the running operation',
    means: ['ssl', 'cancel'],
  },
  ...SSL_COMMANDS,
  {
    kind: 'ready',
    name: 'sacert',
    summary: "put a certificate as a server's certificate",
    aliases: ['server-add-cert'],
    load: async () => (await import('./sacert.js')).sacert,
  },
  {
    kind: 'ready',
    name: 'update readiness',
    summary: 'show who has proved the new trust, and who has not',
    load: async () => (await import('./update/readiness.js')).updateReadiness,
  },
  {
    kind: 'ready',
    name: 'update ignore',
    summary: 'go on without members that have not proved the new trust',
    load: async () => (await import('./update/ignore.js')).updateIgnore,
  },
  ...ADMIN_COMMANDS,
  {
    kind: 'ready',
    name: 'event list',
    summary: 'show the audit log',
    load: async () => (await import('./event/list.js')).eventList,
  },
  {
    kind: 'ready',
    name: 'event verify',
    summary: 'check that the audit log is what was written',
    load: async () => (await import('./event/verify.js')).eventVerify,
  },
  {
    kind: 'ready',
    name: 'cert inspect',
    summary: 'show what is in any certificate file',
    load: async () => (await import('./cert/inspect.js')).certInspect,
  },
  {
    kind: 'ready',
    name: 'cert verify',
    summary: 'check a certificate and its chain',
    load: async () => (await import('./cert/verify.js')).certVerify,
  },
  {
    kind: 'ready',
    name: 'cert convert',
    summary: 'convert between certificate formats',
    load: async () => (await import('./cert/convert.js')).certConvert,
  },
  ...TRUST_COMMANDS,
  {
    kind: 'ready',
    name: 'iac',
    summary: "import a satellite's certificate",
    aliases: ['import-authentication-cert'],
    load: async () => (await import('./satellite/iac.js')).iac,
  },
  {
    kind: 'ready',
    name: 'isc',
    summary: "import a satellite's certificate again",
    load: async () => (await import('./satellite/isc.js')).isc,
  },
  {
    kind: 'ready',
    name: 'rsc',
    summary: "remint a satellite's certificate",
    aliases: ['remint-satellite-cert'],
    load: async () => (await import('./satellite/rsc.js')).rsc,
  },
  {
    kind: 'ready',
    name: 'asr',
    summary: 'reconfigure a satellite',
    load: async () => (await import('./satellite/asr.js')).asr,
  },
  {
    kind: 'ready',
    name: 'configure',
    summary: 'run an action by its old name',
    load: async () => (await import('./configure/configure.js')).configure,
  },
  {
    kind: 'ready',
    name: 'completion',
    summary: 'print the completion script of a shell',
    load: async () => (await import('./completion.js')).completion,
  },
  {
    kind: 'ready',
    name: 'help',
    summary: 'explain a command',
    load: async () => (await import('./help.js')).help,
  },
  ...COMING,
];
