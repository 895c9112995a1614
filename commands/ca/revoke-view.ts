import { renderInstant, renderMoment, type RevokePlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { certificateJson } from '../certificate-json.js';
import { reloadText } from './crl-view.js';

/** What the revocation means. */
export function renderRevokePlan(
  plan: RevokePlan,
  { terminal, offsetAt }: Pick<Session, 'terminal' | 'offsetAt'>,
): string {
  const { record, revocation, server, sharing, issuer } = plan;
  const { invalidityDate } = revocation;
  const fields = wrapFields(
    [
      ['Certificate', record.subject],
      ['SHA-256', record.fingerprint],
      ['Serial number', record.serial],
      ['Ends', renderMoment(record.notAfter, offsetAt)],
      ['Issued by', `generation ${issuer.generation} of the CA`],
      ['Reason', revocation.reason],
      ['Invalid since', invalidityDate === null ? '' : renderMoment(invalidityDate, offsetAt)],
      ['Recorded', plan.recorded ? 'already; the list that says so is still to be made' : ''],
      ['Served by', servedText(plan)],
      ['Reloads', reloadText(plan)],
      [
        'Same key',
        sharing
          .map(({ fingerprint, state }) => `${fingerprint.slice(0, 16)} (${state}) is not revoked`)
          .join('; '),
      ],
    ],
    terminal.width,
  );
  const after =
    server === null ? '' : `\nAfterwards: ${plan.next ?? ''} gives the server another one.\n`;
  return `Plan: revoke a certificate for good\n\n${fields}${after}`;
}

/** The question behind the plan. */
export function revokeQuestion({ record }: RevokePlan): string {
  return `Revoke ${escapeText(record.subject)}, ${record.fingerprint.slice(0, 16)}, for good?`;
}

/** A plan for scripts. */
export function revokePlanJson(plan: RevokePlan): JsonDocument {
  const { revocation, server, sharing } = plan;
  const { reason, revokedAt, invalidityDate } = revocation;
  return {
    basis: plan.basis,
    certificate: certificateJson(plan.record),
    reason,
    revokedAt: renderInstant(revokedAt),
    invalidityDate: invalidityDate === null ? null : renderInstant(invalidityDate),
    recorded: plan.recorded,
    reload: plan.reload,
    server: server?.name ?? null,
    sharing: sharing.map(({ fingerprint }) => fingerprint),
    next: plan.next,
  };
}

function servedText({ server, record }: RevokePlan): string {
  if (server !== null) return `${server.name}, until it is reminted`;
  return record.purpose === 'server' ? 'no server any more' : '';
}
