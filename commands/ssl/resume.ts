import type { CaMove, ReadContext, Resumed } from '../../src/index.js';
import { defineCommand, type Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { exitStatus } from '../cli/exit-status.js';
import type { Session } from '../cli/session.js';
import { WAITING_REMINT } from './given.js';
import { nextSteps } from './next-steps.js';
import { operationJson, operationReportJson } from './operation-json.js';
import { operationText } from './operation-outcome.js';
import { haltLine, haltState, settledLine, settledMove, unlistedSteps } from './resume-view.js';

/** `zmint ssl resume`: move on what waits, finish what was interrupted. For cron. */
export const sslResume = defineCommand({
  name: 'ssl resume',
  summary: 'go on with what waits or was interrupted; for cron',
  description:
    'Moves every operation on as far as the clock and the gates allow, and finishes or undoes what a crash interrupted, a move of the CA role too. It asks nothing, since all of it was agreed to before, needs no CA key and no passphrase, and writes nothing when there is nothing to do. A revocation list that waits for the CA key is made when the key can be had, else named as what is left. Let cron call it every minute.',
  arguments: {},
  options: {},
  changes: true,
  statuses: [
    'no-zone',
    'busy',
    'gate-not-satisfied',
    'unsafe-path',
    'damaged',
    'storage',
    'partial',
  ],
  examples: [
    {
      line: 'zmint ssl resume',
      shows: 'what cron calls: * * * * * zmint ssl resume --quiet',
      given: WAITING_REMINT,
    },
  ],
  async run(session) {
    if (session.dryRun) return listPending(await session.open());
    const { resumeOperations } = await import('../../src/index.js');
    const ctx = await session.openForWriting('ssl resume');
    const move = await ctx.store.caMove();
    const { quiet, json } = session.options;
    const resumed = await resumeOperations(
      ctx,
      session.now,
      quiet && !json ? 'left-out' : 'reported',
    );
    const status = statusOf(resumed, session.now);
    const unlisted = (await ctx.store.unlistedRevocations()).length;
    return {
      json: () => ({
        dryRun: false,
        operations: resumed.map(resumedJson),
        caMove: move === undefined ? null : settledMove(move),
        unlistedRevocations: unlisted,
      }),
      text: () =>
        [settledLine(move), resumedText(session, { resumed, status, move, unlisted })].join(''),
      status,
      diagnostics: [
        ...new Set(resumed.flatMap(({ report }) => nextSteps(report, session.zoneHome))),
        ...unlistedSteps(unlisted),
      ],
    };
  },
});

/** 40 when members failed or an operation had to be undone, 14 when one is overdue at its gate. */
function statusOf(resumed: readonly Resumed[], now: number): number {
  const failed = resumed.some(
    ({ report, halt }) => report.failed.total > 0 || halt.why === 'undone',
  );
  if (failed) return exitStatus('partial');
  const overdue = resumed.some(({ report, halt }) => {
    const { activation } = report.operation;
    return (
      halt.why === 'gate-not-satisfied' && activation.when === 'at' && activation.instant <= now
    );
  });
  return overdue ? exitStatus('gate-not-satisfied') : 0;
}

function resumedJson(resumed: Resumed): Readonly<Record<string, unknown>> {
  const { halt, moved, report } = resumed;
  return { ...operationReportJson(report), ...haltState(halt), moved };
}

interface ResumeResult {
  readonly resumed: readonly Resumed[];
  readonly status: number;
  /** The move of the CA role that was settled. */
  readonly move: CaMove | undefined;
  /** Revocations whose list waits for the CA key. */
  readonly unlisted: number;
}

/** Cron mails what is printed: with --quiet nothing is, as long as nothing happens. */
function resumedText(session: Session, result: ResumeResult): string {
  const { resumed, status, move, unlisted } = result;
  if (session.options.quiet && status === 0 && resumed.every(({ moved }) => !moved)) return '';
  if (resumed.length === 0) return move === undefined && unlisted === 0 ? 'Nothing waits.' : '';
  return resumed
    .map((one) => `${operationText(session, one.report)}${haltLine(one, session.now)}`)
    .join('\n');
}

async function listPending(ctx: ReadContext): Promise<Outcome> {
  await ctx.store.zone();
  const ended = ['done', 'cancelled', 'active'];
  const pending = (await ctx.store.operations()).filter(({ phase }) => !ended.includes(phase));
  const move = await ctx.store.caMove();
  const lines = [
    ...(move === undefined ? [] : ['a move of the CA role: interrupted']),
    ...pending.map(({ id, updateName, phase }) => `${id} "${escapeText(updateName)}": ${phase}`),
  ];
  return {
    json: {
      dryRun: true,
      operations: pending.map((one) => ({ operation: operationJson(one) })),
      caMove: move === undefined ? null : settledMove(move),
    },
    text: lines.length === 0 ? 'Nothing waits.' : ['These would be moved on:', ...lines].join('\n'),
  };
}
