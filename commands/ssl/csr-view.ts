import type { HandedRequest, RequestsPlan, RequestsReport } from '../../src/index.js';
import { renderInstant } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted, cutLine, cutList } from '../cli/list-cut.js';
import { PLAIN } from '../cli/style.js';
import { renderTable, type Surface } from '../cli/table.js';
import { wrapFields } from '../cli/wrap-fields.js';

/** The requests that are about to be made. */
export function renderCsrPlan(plan: RequestsPlan, width: number, verbose: boolean): string {
  const title = `Plan: make ${counted(plan.requests.length, 'signing request')}, each with a new key`;
  const [only] = plan.requests;
  if (plan.requests.length === 1 && only !== undefined) {
    const fields = wrapFields(
      [
        ['Server', only.name],
        ['Subject', only.subject.text],
        ['Names', [...only.dnsNames, ...only.ipAddresses].join(', ')],
        ['Key', only.keySpec],
        ['Takes the place of', supersedesText(only.supersedes)],
      ],
      width,
    );
    return `${title}\n\n${fields}`;
  }
  const { shown, left } = cutList(plan.requests, verbose);
  const table = renderTable(
    [{ title: 'Server', whole: true }, { title: 'Names' }, { title: 'Key' }, { title: 'Before' }],
    shown.map((one) => [
      one.name,
      [...one.dnsNames, ...one.ipAddresses].join(', '),
      one.keySpec,
      one.supersedes === null ? '' : `request ${one.supersedes}`,
    ]),
    { width, style: PLAIN },
  );
  return `${title}\n\n${table}${cutLine(left)}`;
}

/** The question behind the plan. */
export function csrQuestion(plan: RequestsPlan): string {
  return `Make ${counted(plan.requests.length, 'signing request')}?`;
}

/** The requests that were made or wait, where each lies, and why others could not be made. */
export function renderRequests(
  requests: readonly HandedRequest[],
  failed: RequestsReport['failed'],
  options: { readonly surface: Surface; readonly verbose: boolean },
): string {
  const { surface } = options;
  const { shown, left } = cutList(requests, options.verbose);
  const table = renderTable(
    [
      { title: 'Server', whole: true },
      { title: 'Key', whole: true },
      { title: 'Request', whole: true },
    ],
    shown.map(({ member, home, request }) => [
      member.name,
      request.keySpec,
      `${home}/remint-repo/server.csr`,
    ]),
    surface,
  );
  const reasons = failed.map(
    ({ member, error }) =>
      `${surface.style.bad(escapeText(member.name))}: CSR generation failed: ${escapeText(error.message)}\n`,
  );
  return `${table}${cutLine(left)}${reasons.join('')}`;
}

/** A plan for scripts. */
export function csrPlanJson(plan: RequestsPlan): JsonDocument {
  return {
    basis: plan.basis,
    at: renderInstant(plan.at),
    requests: plan.requests.map(({ memberId, subject, ...rest }) => ({
      id: memberId,
      ...rest,
      subject: subject.text,
    })),
  };
}

/** Requests with their PEM, and what failed, for scripts. */
export function requestsJson(
  requests: readonly HandedRequest[],
  failed: RequestsReport['failed'],
  written: readonly string[],
): JsonDocument {
  return {
    dryRun: false,
    requests: requests.map(({ member, home, request }) => ({
      server: member.name,
      number: request.number,
      status: request.state,
      subject: request.subject,
      dnsNames: request.dnsNames,
      ipAddresses: request.ipAddresses,
      keySpec: request.keySpec,
      spkiSha256: request.spkiSha256,
      csr: request.csr,
      file: `${home}/remint-repo/server.csr`,
      createdAt: renderInstant(request.createdAt),
    })),
    failed: failed.map(({ member, error }) => ({
      server: member.name,
      code: error.code,
      message: error.message,
    })),
    written,
  };
}

function supersedesText(number: number | null): string {
  return number === null ? '' : `request ${number}; its key stays until an import`;
}
