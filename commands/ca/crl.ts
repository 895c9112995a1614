import { defineCommand, type Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { exitStatus } from '../cli/exit-status.js';
import { duration, text, wholeNumber } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { refuseReplacing } from '../refuse-replacing.js';
import { stillWaiting } from '../still-waiting.js';
import { KEY_STATUSES } from './key-statuses.js';
import {
  crlPlanJson,
  crlQuestion,
  crlReportJson,
  renderCrlPlan,
  renderCrlReport,
} from './crl-view.js';

/** The option that leaves servers with the list that they have read. */
export const NO_RELOAD = {
  kind: 'flag',
  flag: '--no-reload',
  summary: 'do not run the reload commands of the servers',
} as const;

/** `zmint ca crl`: signs and publishes the revocation lists. */
export const caCrl = defineCommand({
  name: 'ca crl',
  summary: 'make the revocation list',
  description:
    'Signs a certificate revocation list (CRL) with the key of each generation of the CA that still has certificates which have not ended, and publishes them: in crl/ of the zone home one file for each as DER and PEM and bundle.pem with all, and security/crl.pem in the home of each member. A list holds for 7 days, unless --days or the setting crl.days says otherwise: make the next one in time, by cron with --due. Programs that read the list, such as nginx, take a new one when they are reloaded: so the reload command of each server is run then, once for all servers that name the same; --no-reload leaves that out. A command that fails is told, and the others go on.\nThe number of a list is never given twice, whatever happens. The list of a retired generation holds until its last certificate ends.\nWith --out the lists that are in force are written to a file too, as PEM, over one that holds such lists.',
  arguments: {},
  options: {
    days: {
      kind: 'value',
      flag: '--days',
      value: 'N',
      summary: 'how long the lists hold: 1 to 365',
      parse: wholeNumber(1, 365),
    },
    due: {
      kind: 'value',
      flag: '--due',
      value: 'WITHIN',
      summary: 'only when a list ends within this time, 2d for example, or lacks a revocation',
      parse: duration,
    },
    noReload: NO_RELOAD,
    out: {
      kind: 'value',
      flag: '--out',
      value: 'FILE',
      summary: 'write the lists to this file too',
      parse: text,
    },
  },
  changes: true,
  statuses: [...KEY_STATUSES, 'not-valid-then', 'token-unavailable', 'partial'],
  examples: [
    { line: 'zmint ca crl --yes', shows: 'a list that holds for a week', given: SMALL_ZONE },
    {
      line: 'zmint ca crl --due 2d --yes',
      shows: 'the form for cron: nothing to do while the list holds for two days more',
      given: [...SMALL_ZONE, 'zmint ca crl --yes'],
    },
    {
      line: 'zmint ca crl --days 30 --out zone-crl.pem --yes',
      shows: 'a list for a month, and a copy of it',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const { executeCrls, planCrls } = await import('../../src/index.js');
    const request = { days: input.days ?? null, due: input.due ?? null, reload: !input.noReload };
    const decision = await runPlanned(session, {
      command: 'ca crl',
      plan: (ctx, now) => planCrls(ctx, request, now),
      show: (plan) => ({ plan: renderCrlPlan(plan, session), question: crlQuestion(plan) }),
    });
    if (decision.answer === 'nothing') {
      const out = await writeOut(session, input.out);
      return { json: { dryRun: false, plan: null, out }, text: 'There is nothing to do.' };
    }
    if (decision.answer !== 'go') return dryRunOutcome(decision, crlPlanJson);
    const report = await executeCrls(decision.ctx, decision.plan);
    const out = await writeOut(session, input.out);
    return crlOutcome(session, report, { out, next: null });
  },
});

type Report = Parameters<typeof crlReportJson>[0];

/** How a run that made CRLs ends. */
export function crlOutcome(
  session: Session,
  report: Report,
  { out, next }: { readonly out: string | null; readonly next: string | null },
): Outcome {
  return {
    json: () => ({ dryRun: false, ...crlReportJson(report), out, next }),
    text: () => renderCrlReport(report, { session, out }),
    status: report.failed.length + report.unreloaded.length === 0 ? 0 : exitStatus('partial'),
    diagnostics: next === null ? [] : [`next: ${next}`],
  };
}

async function writeOut(session: Session, file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  const { crlBundle } = await import('../../src/index.js');
  const path = session.absolute(file);
  // Only now: what cron makes for the members must not hang on a place for a copy.
  const bytes = await crlBundle(await session.open(), session.now);
  try {
    await session.requirePlace(path, 'file');
    await refuseReplacing(session, path, 'lists');
    await session.writeFile(path, bytes);
  } catch (error) {
    const hint = 'zmint ca crl --due 1h --yes --out FILE writes it again';
    throw stillWaiting(error, 'the lists are published all the same', hint);
  }
  return path;
}
