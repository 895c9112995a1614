import {
  allNames,
  generalNameWords,
  renderMoment,
  type IssuedRow,
  type IssuePlan,
} from '../../src/index.js';
import { renderInstant } from '../../src/index.js';
import { certificateJson } from '../certificate-json.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { localMinute } from '../cli/moments.js';
import type { Session } from '../cli/session.js';
import { renderTable, type Surface } from '../cli/table.js';
import { wrapFields } from '../cli/wrap-fields.js';

type Fields = readonly (readonly [label: string, value: string])[];

/** What is going to be issued. */
export function renderIssuePlan(
  plan: IssuePlan,
  { terminal, offsetAt }: Pick<Session, 'terminal' | 'offsetAt'>,
): string {
  const { profile, validity, cut, ignored, recorded } = plan;
  const ends = renderMoment(validity.notAfter, offsetAt);
  const fields = wrapFields(
    [
      ['Subject', `CN=${plan.commonName}`],
      ...(profile.is === 'subordinate' ? subordinateFields(profile) : endEntityFields(profile)),
      ['Key', keyWords(plan)],
      ['Issued', recorded === null ? '' : 'already, by a run that ended too soon'],
      ['Valid until', cut ? `${ends}, when the CA ends` : ends],
      ['Issued by', `generation ${plan.issuer.generation} of the CA`],
      ['Left out', ignored.length === 0 ? '' : `asked for by the request: ${ignored.join(', ')}`],
    ],
    terminal.width,
  );
  return `Plan: issue ${profile.is === 'subordinate' ? 'the certificate of a subordinate CA' : 'a certificate'}\n\n${fields}`;
}

function keyWords({ spki, recorded, keySpec }: IssuePlan): string {
  if (spki !== null) return 'that of the request';
  if (recorded !== null) return `${recorded.record.key}, made by the run that ended too soon`;
  return `${keySpec}, made here`;
}

/** The question behind the plan. */
export function issueQuestion(plan: IssuePlan): string {
  const what = plan.profile.is === 'subordinate' ? 'the CA' : 'a certificate for';
  return `Issue ${what} ${escapeText(plan.commonName)}?`;
}

/** A plan for scripts. */
export function issuePlanJson(plan: IssuePlan): JsonDocument {
  const { profile, validity } = plan;
  return {
    basis: plan.basis,
    commonName: plan.commonName,
    purposes: profile.is === 'subordinate' ? ['CA'] : profile.purposes,
    names: profile.is === 'subordinate' ? [] : allNames(profile.names),
    pathLength: profile.is === 'subordinate' ? profile.pathLength : null,
    permitted: profile.is === 'subordinate' ? subtreeWords(profile.constraints.permitted) : [],
    excluded: profile.is === 'subordinate' ? subtreeWords(profile.constraints.excluded) : [],
    key: plan.spki === null ? plan.keySpec : null,
    notBefore: renderInstant(validity.notBefore),
    notAfter: renderInstant(validity.notAfter),
    cut: plan.cut,
    generation: plan.issuer.generation,
    ignored: plan.ignored,
    recorded: plan.recorded?.record.fingerprint ?? null,
  };
}

/** Issued certificates, a line for each. */
export function renderIssued(
  rows: readonly IssuedRow[],
  { surface, offsetAt }: { readonly surface: Surface } & Pick<Session, 'offsetAt'>,
): string {
  if (rows.length === 0) return 'Nothing was issued but to members of the zone.';
  return renderTable(
    [
      { title: 'Subject' },
      { title: 'For' },
      { title: 'Status', whole: true },
      { title: 'Expires', whole: true },
      { title: 'SHA-256', whole: true },
    ],
    rows.map(({ record, status, purposes }) => [
      record.subject,
      purposes.join(', '),
      { text: status, dress: status === 'active' ? surface.style.good : surface.style.bad },
      localMinute(record.notAfter, offsetAt),
      record.fingerprint.slice(0, 16),
    ]),
    surface,
  );
}

/** An issued certificate for scripts. */
export function issuedJson({ record, status, purposes }: IssuedRow): JsonDocument {
  return { ...certificateJson(record), status, purposes };
}

function endEntityFields(profile: Extract<IssuePlan['profile'], { is: 'end-entity' }>): Fields {
  return [
    ['For', profile.purposes.join(', ')],
    ['Names', allNames(profile.names).join(', ')],
  ];
}

function subordinateFields({
  pathLength,
  constraints,
}: Extract<IssuePlan['profile'], { is: 'subordinate' }>): Fields {
  const { permitted, excluded } = constraints;
  const free = permitted.length + excluded.length === 0;
  return [
    ['CAs below it', pathLength === 0 ? 'none' : `up to ${pathLength}`],
    [
      'May issue for',
      free ? 'ANY name: it has no constraints' : subtreeWords(permitted).join(', '),
    ],
    ['Not for', subtreeWords(excluded).join(', ')],
  ];
}

type Subtrees = Extract<IssuePlan['profile'], { is: 'subordinate' }>['constraints']['permitted'];

function subtreeWords(subtrees: Subtrees): readonly string[] {
  return subtrees.map((subtree) => generalNameWords(subtree));
}
