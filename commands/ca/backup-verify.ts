import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { BACKED_UP, BACKUP_STATUSES } from './backup-facts.js';
import { CA_PASSPHRASE_FILE, backupPassphrase, caPassphrase } from './backup-secrets.js';
import { renderProvedBackup } from './proved-backup-view.js';

/** `zmint ca backup verify`: whether a backup can be restored; no zone is needed. */
export const caBackupVerify = defineCommand({
  name: 'ca backup verify',
  summary: 'check that a CA backup can be restored',
  description:
    'Opens a backup, compares every file in it with its manifest, looks at every row of its database, and lets each CA key in it sign a test that must verify. Nothing is written and no zone is needed, so it can be done on the host that keeps the backups.\nA key that lies in a token is in no backup. It signs a test too where its token is plugged in and its PIN given, under the path of the PKCS#11 module that the zone knows; elsewhere it is said to be not proved, which is no error.',
  arguments: {
    file: { kind: 'required', value: 'FILE', summary: 'the backup', parse: text },
  },
  options: { caPassphraseFile: CA_PASSPHRASE_FILE },
  changes: false,
  statuses: BACKUP_STATUSES,
  examples: [
    {
      line: 'zmint ca backup verify zone.age --passphrase-file secret.txt',
      shows: 'a backup that is sound',
      given: BACKED_UP,
    },
  ],
  async run(session, input) {
    const { proveBackup, proveTokenKeys } = await import('../../src/index.js');
    const custody = await session.custody('ca backup verify');
    const name = session.absolute(input.file);
    const bytes = await custody.shelf.read(name);
    const passphrase = await backupPassphrase(session);
    const ca = caPassphrase(session, input.caPassphraseFile);
    const token = await session.tokens();
    try {
      const backup = { name, bytes, passphrase, caPassphrase: ca.read };
      const { reader, manifest, sha256 } = await proveBackup(custody, backup);
      try {
        const inToken = await proveTokenKeys(token.context, reader);
        return renderProvedBackup(session, { path: name, manifest, sha256, inToken });
      } finally {
        reader.close();
      }
    } finally {
      token.close();
      passphrase.fill(0);
      ca.close();
    }
  },
});
