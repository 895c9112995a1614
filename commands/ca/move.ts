import type { CaMovePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { KEY_STATUSES } from './key-statuses.js';
import { NO_BACKUP_CHECK } from './backup-option.js';
import { caMovePlanJson, caMoveQuestion, renderCaMoved, renderCaMovePlan } from './move-view.js';

/** `zmint ca move`: another Primary Server holds the CA role, and its keys. */
export const caMove = defineCommand({
  name: 'ca move',
  summary: 'move the CA role to another server',
  description:
    'Moves the CA role, and every key of the CA that goes with it, to another Primary Server: before its hardware is replaced, for instance. The passphrase of the CA stays as it is. Each key is in clear in memory only; it is locked anew at its new place, read back, and must sign a test there. Then the role changes in one transaction, and the old copies are removed.\nNo certificate changes and no server is reloaded. A running operation goes on afterwards, unless it was interrupted: then zmint ssl resume comes first. After a crash exactly one server has the role, and it has every key; what was left where nobody needs it is removed by the next zmint ca move or zmint ssl resume.\nA verified backup of the last day is wanted first (zmint ca backup; the setting backup.maxAgeHours), unless --no-backup-check is said.\nOld copies are unlinked, not overwritten, since no file system promises that this reaches the disk.',
  arguments: {
    server: {
      kind: 'required',
      value: 'SERVER',
      summary: 'the Primary Server that is to hold the CA role',
      parse: text,
    },
  },
  options: {
    noBackupCheck: NO_BACKUP_CHECK,
  },
  changes: true,
  statuses: [...KEY_STATUSES, 'unknown-member', 'ambiguous-member'],
  examples: [
    {
      line: 'zmint ca move web1 --no-backup-check --yes',
      shows: 'web1 holds the CA role',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca move web1 --dry-run',
      shows: 'which keys would move, and where to',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint ca move ca1 --yes',
      shows: 'the server that has the role: nothing to do',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const { executeCaMove, planCaMove } = await import('../../src/index.js');
    const decision = await runPlanned<CaMovePlan>(session, {
      command: 'ca move',
      // A dry run tells how old the backup is, and goes on.
      plan: (ctx, now) => {
        const backupCheck = !input.noBackupCheck && !session.dryRun;
        return planCaMove(ctx, { server: input.server, backupCheck }, now);
      },
      show: (plan) => ({
        plan: renderCaMovePlan(plan, session.terminal.width),
        question: caMoveQuestion(plan),
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, caMovePlanJson);
    const report = await executeCaMove(decision.ctx, decision.plan);
    return {
      json: {
        dryRun: false,
        plan: caMovePlanJson(decision.plan),
        moved: report.moved,
        stayed: report.stayed,
      },
      text: renderCaMoved(report),
      diagnostics: ['next: zmint ca show, zmint doctor'],
    };
  },
});
