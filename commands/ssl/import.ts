import { ZmintError } from '../../src/errors.js';
import { NO_BACKUP_CHECK } from '../ca/backup-option.js';
import { filePassphrases, wipe } from '../cert/file-passphrases.js';
import { defineCommand } from '../cli/command.js';
import { text, when } from '../cli/parsers.js';
import { askedActivation } from './asked-activation.js';
import { EXTERNAL_ZONE } from './given.js';

/** `zmint ssl import FILE…`: what an external CA signed. */
export const sslImport = defineCommand({
  name: 'ssl import',
  summary: 'import what an external CA signed',
  description:
    'Takes certificates from files of any format, in any order, with their chains and with strays among them, and matches each to the server whose request waits for it, by its public key. For a certificate without a request the key is given with --key, lies in the same file, or was placed into the remint-repo of the server as key.der.\nEvery certificate must chain to the CA of the zone, directly or through certificates of the import, be valid when it is activated, carry the name of its server and be for server authentication. A table tells what became of everything. If anything is refused, nothing is imported.\nThe certificates wait and are activated like those of a remint; ssl activate, cancel, rollback and resume work on them. What has expired is replaced at once.\nWhere the own CA of the zone waits for its certificate (zmint init --subordinate, zmint ca change --to internal --subordinate), that one is taken with the certificates above it, up to the root. Where that changes the CA, a verified backup is wanted that is younger than the setting backup.maxAgeHours and holds the waiting key (zmint ca backup); --no-backup-check goes on without.',
  arguments: {
    files: { kind: 'rest', value: 'FILE', summary: 'the files', parse: text },
  },
  options: {
    server: {
      kind: 'value',
      flag: '--server',
      value: 'SERVER',
      summary: 'whose the certificates are, when neither key nor names tell',
      parse: text,
    },
    key: {
      kind: 'list',
      flag: '--key',
      value: 'FILE',
      summary: 'a private key that one of the certificates was made for',
      parse: text,
    },
    keyPassphraseFile: {
      kind: 'list',
      flag: '--key-passphrase-file',
      value: 'FILE',
      summary: 'the passphrase of an entry that has one of its own; may be given several times',
      parse: text,
    },
    activateAt: {
      kind: 'value',
      flag: '--activate-at',
      value: 'WHEN',
      summary: 'now, ready (as when nothing is said), 36h, or a time such as 2027-03-01T22:00',
      parse: when,
    },
    noBackupCheck: NO_BACKUP_CHECK,
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'unreachable',
    'served-differs',
    'reload-failed',
    'storage',
    'token-unavailable',
    'partial',
  ],
  examples: [
    {
      line: 'zmint ssl import web1.cer --key web1.key --yes',
      shows: 'a certificate and the key that it was made for',
      given: EXTERNAL_ZONE,
    },
    {
      line: 'zmint ssl import web1.p12 --passphrase-file out.txt --activate-at 36h --yes',
      shows: 'a store with both, activated later',
      given: EXTERNAL_ZONE,
    },
  ],
  async run(session, input) {
    if (input.files.length === 0) {
      throw new ZmintError('usage', 'which files are to be imported?', {
        hint: 'zmint ssl import web1.cer chain.pem',
      });
    }
    const { importFiles, namedFiles } = await import('./import-files.js');
    const { importAuthority } = await import('./import-authority.js');
    const passphrases = await filePassphrases(session, input.keyPassphraseFile);
    try {
      const given = { server: input.server, passphrases };
      const files = await namedFiles(session, [...input.files, ...input.key], given);
      const activateAt = askedActivation(input.activateAt, session.now);
      const asked = input.activateAt === undefined ? null : activateAt;
      const taken = await importAuthority(session, 'ssl import', {
        files,
        activateAt: asked,
        freshBackup: !input.noBackupCheck,
      });
      if (taken !== undefined) return taken;
      if (input.noBackupCheck)
        throw new ZmintError(
          'usage',
          '--no-backup-check is for the certificate of the own CA of the zone',
        );
      const request = { files, activateAt, put: false, force: false };
      return await importFiles(session, 'ssl import', request);
    } finally {
      wipe(passphrases);
    }
  },
});
