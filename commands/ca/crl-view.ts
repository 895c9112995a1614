import {
  renderDaysLeft,
  renderInstant,
  renderMoment,
  type CrlIssuer,
  type CrlPlan,
  type CrlReport,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';

type Look = Pick<Session, 'terminal' | 'offsetAt' | 'now'>;

/** What is going to be signed. */
export function renderCrlPlan(plan: CrlPlan, session: Look): string {
  const { offsetAt, terminal } = session;
  const blocks = plan.crls.map(({ draft, before, fresh }) =>
    wrapFields(
      [
        ['Generation', `${draft.generation}${draft.last ? ', retired: its last list' : ''}`],
        ['Holds until', renderMoment(draft.nextUpdate, offsetAt)],
        [
          'Before it',
          before === null
            ? 'none'
            : `number ${before.number}, ${endsText(before.nextUpdate, session.now)}`,
        ],
        ['New in it', fresh === 0 ? '' : counted(fresh, 'revocation')],
      ],
      terminal.width,
    ),
  );
  const head = `Plan: make ${counted(plan.crls.length, 'revocation list')}`;
  const reloads = wrapFields([['Reloads', reloadText(plan)]], terminal.width);
  // Each ends its last line.
  return `${head}\n\n${[...blocks, reloads].join('\n')}`;
}

/** Who is told that there is a new list. */
export function reloadText({ reload }: Pick<CrlPlan, 'reload'>): string {
  return reload
    ? 'each reload command once, so that servers read the list'
    : 'none: servers read the list when they are reloaded next';
}

/** The question behind the plan. */
export function crlQuestion(plan: CrlPlan): string {
  return `Sign ${counted(plan.crls.length, 'revocation list')} and give them to ${counted(plan.members, 'member')}?`;
}

/** A plan for scripts. */
export function crlPlanJson(plan: CrlPlan): JsonDocument {
  return {
    basis: plan.basis,
    days: plan.days,
    members: plan.members,
    reload: plan.reload,
    crls: plan.crls.map(({ draft, before, fresh }) => ({
      generation: draft.generation,
      nextUpdate: renderInstant(draft.nextUpdate),
      last: draft.last,
      before: before === null ? null : before.number,
      fresh,
    })),
  };
}

/** What came of it, for people. */
export function renderCrlReport(
  report: CrlReport,
  { session, out }: { readonly session: Look; readonly out: string | null },
): string {
  const lines = report.issuers.map(({ generation, crl }) =>
    crl === null
      ? ''
      : `Generation ${generation}: number ${crl.number}, ${counted(crl.entries, 'certificate')} revoked, holds until ${renderMoment(crl.nextUpdate, session.offsetAt)}`,
  );
  return [
    ...lines,
    ...report.keyless.map(
      (generation) =>
        `Generation ${generation}: its key is not here, another passphrase opens it, or it may not sign lists; its list stays as it was`,
    ),
    `In ${escapeText(report.folder)} and with ${counted(report.members, 'member')}.`,
    ...(report.reloaded === 0 ? [] : [`Reloaded ${counted(report.reloaded, 'server')}.`]),
    ...report.failed.map(
      ({ member, error }) => `${escapeText(member)} did not get it: ${escapeText(error.message)}`,
    ),
    ...report.unreloaded.map(
      ({ member, error }) =>
        `${escapeText(member)} goes on with the list from before: ${escapeText(error.message)}`,
    ),
    ...(out === null ? [] : [`Wrote ${escapeText(out)}`]),
  ].join('\n');
}

/** What came of it, for scripts. */
export function crlReportJson(report: CrlReport): JsonDocument {
  return {
    crls: report.issuers.map(crlJson),
    keyless: report.keyless,
    folder: report.folder,
    members: report.members,
    failed: report.failed.map(failedJson),
    reloaded: report.reloaded,
    unreloaded: report.unreloaded.map(failedJson),
  };
}

function failedJson({ member, error: { code, message } }: CrlReport['failed'][number]) {
  return { member, code, message };
}

/** The newest CRL of a key. */
function crlJson({ generation, crl }: Pick<CrlIssuer, 'generation' | 'crl'>): JsonDocument {
  return {
    generation,
    number: crl?.number ?? null,
    thisUpdate: crl === null ? null : renderInstant(crl.thisUpdate),
    nextUpdate: crl === null ? null : renderInstant(crl.nextUpdate),
    entries: crl?.entries ?? null,
  };
}

/** `ends in 6 days`, `ended 2 days ago`. */
function endsText(nextUpdate: number, now: number): string {
  return `${now > nextUpdate ? 'ended' : 'ends'} ${renderDaysLeft(nextUpdate, now)}`;
}
