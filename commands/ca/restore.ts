import { defineCommand, type Outcome } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import type { Session } from '../cli/session.js';
import { BACKED_UP, BACKUP_STATUSES } from './backup-facts.js';
import { CA_PASSPHRASE_FILE, backupPassphrase, caPassphrase } from './backup-secrets.js';
import { renderRestored, renderRestorePlan, restoreQuestion } from './restore-view.js';
import { restorePlanJson } from './restore-json.js';

/** `zmint ca restore`: the zone of a backup, here. */
export const caRestore = defineCommand({
  name: 'ca restore',
  summary: 'bring the CA and the zone back from a backup',
  description:
    'Puts the zone of a backup into the zone home, on the same host or another; the server of --server then has the CA role. The whole backup is proved before the first write: one that was changed, cut short or made of another zone is refused. What is there is never overwritten: it is moved aside whole, and its new name is told.\nA backup that is older than the zone that is there is restored with --accept-older only. Serial numbers that were taken since are carried over, so that none is given twice. Homes of members outside of the zone home are not touched.\nRestored is the zone as it was: zmint ssl resume goes on with an operation that was running. After a crash the same command finishes the work.\nA CA key that lies in a token is in no backup: the plan says which token is needed to sign, and the restore itself needs neither it nor its PIN.',
  arguments: {
    file: { kind: 'required', value: 'FILE', summary: 'the backup', parse: text },
  },
  options: {
    server: {
      kind: 'value',
      flag: '--server',
      value: 'SERVER',
      summary: 'the server that gets the CA role; the one of then when nothing is said',
      parse: text,
    },
    acceptOlder: {
      kind: 'flag',
      flag: '--accept-older',
      summary: 'although the zone that is there has changed since, or cannot be read',
    },
    caPassphraseFile: CA_PASSPHRASE_FILE,
  },
  changes: true,
  statuses: [
    ...BACKUP_STATUSES,
    'busy',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'policy',
  ],
  examples: [
    {
      line: 'zmint ca restore zone.age --server ca1 --passphrase-file secret.txt --yes',
      shows: 'the zone as it was',
      given: BACKED_UP,
    },
    {
      line: 'zmint ca restore zone.age --passphrase-file secret.txt --dry-run',
      shows: 'what would happen, after the backup was proved',
      given: BACKED_UP,
    },
  ],
  async run(session, input) {
    const passphrase = await backupPassphrase(session);
    const ca = caPassphrase(session, input.caPassphraseFile);
    try {
      return await restore(session, input, { passphrase, caPassphrase: ca.read });
    } finally {
      passphrase.fill(0);
      ca.close();
    }
  },
});

interface Given {
  readonly file: string;
  readonly server: string | undefined;
  readonly acceptOlder: boolean;
}

interface Secrets {
  readonly passphrase: Uint8Array;
  readonly caPassphrase: () => Promise<Uint8Array>;
}

async function restore(session: Session, given: Given, secrets: Secrets): Promise<Outcome> {
  const { proveBackup, planRestore, executeRestore } = await import('../../src/index.js');
  const custody = await session.custody('ca restore');
  const path = session.absolute(given.file);
  const bytes = await custody.shelf.read(path);
  const proved = await proveBackup(custody, { ...secrets, name: path, bytes });
  try {
    const { zoneHome, now } = session;
    const server = given.server ?? null;
    const request = { zoneHome, path, server, acceptOlder: given.acceptOlder };
    const plan = await planRestore(custody, proved, request, now);
    const answer = await session.confirm({
      plan: `${renderRestorePlan(plan, session)}\n`,
      question: restoreQuestion(plan),
    });
    if (answer === 'dry-run') {
      const json = { dryRun: true, outcome: null, plan: restorePlanJson(plan) };
      return { json, text: 'Nothing was changed: this was a dry run.' };
    }
    return renderRestored(session, plan, await executeRestore(custody, proved, plan));
  } finally {
    proved.reader.close();
  }
}
