import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { CA_PASSPHRASE_FILE, caPassphrase, newBackupPassphrase } from './backup-secrets.js';
import { BACKUP_GIVEN, BACKUP_STATUSES } from './backup-facts.js';
import { backupPlanJson, renderBackupPlan, renderMadeBackup } from './backup-view.js';

/** `zmint ca backup`: everything that the zone needs to live on, in one encrypted file that was proved. */
export const caBackup = defineCommand({
  name: 'ca backup',
  summary: 'write the CA and the zone to an encrypted file, and prove it',
  description:
    'Writes one file with everything that the zone needs to live on, on this host or another: every generation of the CA with its key and cross-certificates, the database (members, certificates, serial numbers, revocations, trust anchors, operations, audit log), the settings, and the sets of the servers whose homes lie in the zone home. It is in the age format, encrypted with a passphrase of at least 10 characters, which is typed twice; the age tool opens it too.\nThe file counts only once it was read back from disk, opened and compared, and each CA key in it has signed a test: then it gets its name and is recorded as verified. CA keys lie in it as they lie in the zone: those of a zone with a passphrase are still locked with it, so both passphrases are needed to restore.\nzmint ssl remint --ca and zmint ca change want a verified backup that is younger than the setting backup.maxAgeHours, 24 hours when nothing is set.',
  arguments: {
    file: {
      kind: 'required',
      value: 'FILE',
      summary: 'the file to write; it must not be there',
      parse: text,
    },
  },
  options: { caPassphraseFile: CA_PASSPHRASE_FILE },
  changes: true,
  statuses: [...BACKUP_STATUSES, 'no-zone', 'busy', 'plan-outdated', 'policy'],
  examples: [
    {
      line: 'zmint ca backup zone.age --passphrase-file secret.txt --yes',
      shows: 'a backup, as cron makes it',
      given: BACKUP_GIVEN,
    },
    {
      line: 'zmint ca backup zone.age --dry-run',
      shows: 'what would go into it',
      given: BACKUP_GIVEN,
    },
  ],
  async run(session, input) {
    await session.requirePlace(input.file, 'file');
    const { planBackup, executeBackup } = await import('../../src/index.js');
    const custody = await session.custody('ca backup');
    const path = session.absolute(input.file);
    const decision = await runPlanned(session, {
      command: 'ca backup',
      plan: (ctx, now) => planBackup(ctx, custody, path, now),
      show: (plan) => ({
        plan: renderBackupPlan(plan, session),
        question: `Back up the zone ${plan.zoneName}?`,
      }),
    });
    if (decision.answer !== 'go') {
      const plan = decision.answer === 'dry-run' ? backupPlanJson(decision.plan) : null;
      const json = { dryRun: true, verified: false, plan };
      return { json, text: 'Nothing was written: this was a dry run.' };
    }
    const passphrase = await newBackupPassphrase(session);
    const ca = caPassphrase(session, input.caPassphraseFile);
    try {
      const { plan, ctx } = decision;
      const secrets = { passphrase, caPassphrase: ca.read };
      const backup = await executeBackup(ctx, custody, plan, secrets);
      return renderMadeBackup(session, plan, backup);
    } finally {
      passphrase.fill(0);
      ca.close();
    }
  },
});
