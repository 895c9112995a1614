import {
  renderInstant,
  renderMoment,
  type BackupPlan,
  type VerifiedBackup,
} from '../../src/index.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';

type Look = Pick<Session, 'terminal' | 'offsetAt'>;

/** What is going to be written. */
export function renderBackupPlan(plan: BackupPlan, { terminal }: Look): string {
  const outside =
    plan.outside.length === 0
      ? ''
      : `the sets of ${counted(plan.outside.length, 'server')} with a home outside of the zone home: ${plan.outside.slice(0, 5).join(', ')}${plan.outside.length > 5 ? ' …' : ''}`;
  const fields: readonly (readonly [string, string])[] = [
    ['File', plan.path],
    ['CA', caText(plan)],
    ['Members', counted(plan.members, 'member')],
    ['Not in it', [tokenText(plan), outside].filter((one) => one !== '').join('; ')],
  ];
  return `Plan: back up the zone ${escapeText(plan.zoneName)}\n\n${wrapFields(fields, terminal.width)}`;
}

/** What no backup of a zone can hold. */
function tokenText({ inToken }: BackupPlan): string {
  if (inToken.length === 0) return '';
  const numbers = inToken.map(({ generation }) => generation).join(', ');
  return `the CA key of generation ${numbers} stays in its token: back it up with the token's own means`;
}

function caText({ generations, inToken, server, asksCaPassphrase }: BackupPlan): string {
  if (generations.length === 0 && inToken.length > 0)
    return `its key is in a token; on ${server ?? 'no server'}`;
  if (generations.length === 0) return 'external: the zone holds no key of it';
  const name = generations.length === 1 ? 'generation' : 'generations';
  const key = asksCaPassphrase
    ? 'the keys stay locked with the passphrase of the CA, which is asked for to prove them'
    : 'the keys are locked without a passphrase: only that of the backup protects them';
  return `${name} ${generations.join(', ')}, on ${server ?? 'no server'}; ${key}`;
}

/** The plan for scripts. */
export function backupPlanJson(plan: BackupPlan): JsonDocument {
  const { basis, path, generations, inToken, server, members, outside, asksCaPassphrase } = plan;
  return { basis, path, generations, inToken, server, members, outside, asksCaPassphrase };
}

/** What `ca backup` says when it has proved the file. */
export function renderMadeBackup(session: Look, plan: BackupPlan, backup: VerifiedBackup): Outcome {
  const { path, sha256, madeAt, headSequence } = backup;
  const keys =
    plan.generations.length === 0
      ? plan.inToken.length > 0
        ? 'no key: it is in a token'
        : 'no key: the CA is external'
      : `the keys of CA generation ${plan.generations.join(', ')}, each has signed a test`;
  const fields: readonly (readonly [string, string])[] = [
    ['File', path],
    ['SHA-256', sha256],
    ['Made', renderMoment(madeAt, session.offsetAt)],
    [
      'Holds',
      `${keys}; ${counted(plan.members, 'member')}; the audit log up to event ${headSequence}`,
    ],
    ['Not in it', tokenText(plan)],
    ['To restore', needsText(plan)],
  ];
  return {
    json: {
      dryRun: false,
      verified: true,
      path,
      sha256,
      madeAt: renderInstant(madeAt),
      headSequence,
      generations: plan.generations,
      inToken: plan.inToken,
      server: plan.server,
      members: plan.members,
      outside: plan.outside,
      asksCaPassphrase: plan.asksCaPassphrase,
    },
    text: `The backup is verified: it was read back, opened and compared.\n\n${wrapFields(fields, session.terminal.width)}`,
    diagnostics: ['copy it to another host, and look at it there: zmint ca backup verify FILE'],
  };
}

function needsText({ asksCaPassphrase }: BackupPlan): string {
  return asksCaPassphrase
    ? 'the file, the passphrase of the backup and the passphrase of the CA'
    : 'the file and the passphrase of the backup';
}
