import type { SubordinateInitPlan, SubordinateInitReport } from '../src/index.js';
import type { JsonDocument, Outcome } from './cli/command.js';
import { labelledLines } from './cli/labelled-lines.js';
import type { Session } from './cli/session.js';
import { wrapFields } from './cli/wrap-fields.js';
import { authorityRequestJson } from './ca/authority-request-json.js';
import { AUTHORITY_CSR, requireCsrPlace, writeAuthorityCsr } from './ca/write-authority-csr.js';
import { answerInit, firstServer, type InitInput } from './init-request.js';
import { custodyText } from './init-view.js';
import { subjectFields } from './ssl/subject-fields.js';
import { memberJson } from './server/member-json.js';

/** `zmint init --ca internal --subordinate`: plans, asks, makes, and hands the request out. */
export async function initSubordinate(session: Session, input: InitInput): Promise<Outcome> {
  await requireCsrPlace(session, input.out);
  const plan = await planOf(session, input);
  const answer = await session.confirm({
    plan: `${renderPlan(plan, session, input.out)}\n`,
    question: `Create the zone ${plan.name}?`,
  });
  if (answer === 'dry-run') {
    return {
      json: { dryRun: true, plan: planJson(plan) },
      text: 'Nothing was changed: this was a dry run.',
    };
  }
  const { executeSubordinateInit } = await import('../src/index.js');
  const report = await executeSubordinateInit(await session.create('init'), plan);
  const file = await writeAuthorityCsr(session, report.request, input.out);
  return {
    json: () => reportJson(report, { zoneHome: session.zoneHome, file }),
    text: () =>
      labelledLines(
        [
          ['Zone', [report.zone.name]],
          ['CA', [`${report.request.subject}, waits for its certificate`]],
          ['Request', [file]],
          ['Server', [report.server.path]],
        ],
        session.terminal,
      ),
    diagnostics: [
      `next: have ${file} signed as the certificate of a CA, then zmint ssl import FILE...`,
      'next: zmint server add NAME --dns FQDN --no-mint adds the others meanwhile',
    ],
  };
}

async function planOf(session: Session, input: InitInput): Promise<SubordinateInitPlan> {
  const answers = await answerInit(session, input);
  const { planSubordinateInit } = await import('../src/index.js');
  return planSubordinateInit(
    {
      name: answers.name,
      server: firstServer(session, input, answers),
      keySpec: answers.keySpec,
      commonName: input.commonName ?? null,
      fields: subjectFields(input),
      custody: input.noPassphrase ? 'no-passphrase' : 'passphrase',
    },
    session.now,
  );
}

function renderPlan(plan: SubordinateInitPlan, session: Session, out: string | undefined): string {
  const { server } = plan;
  const fields = wrapFields(
    [
      ['Zone home', session.zoneHome],
      ['CA', `${plan.subject.text}, internal, to be signed by a CA above it`],
      ['Key', plan.keySpec],
      ['CA key', custodyText(plan)],
      ['Request', session.absolute(out ?? AUTHORITY_CSR)],
      [
        'First server',
        `${server.name} (${server.dnsName ?? ''}), with the CA role, without a certificate for now`,
      ],
      ['Its home', server.home ?? `${session.zoneHome}/servers/${server.name.toLowerCase()}`],
    ],
    session.terminal.width,
  );
  return `Plan: create the zone ${plan.name}\n\n${fields}`;
}

function planJson({ name, server, keySpec, subject, custody }: SubordinateInitPlan): JsonDocument {
  return { name, server, keySpec, subject: subject.text, custody, subordinate: true };
}

function reportJson(
  { zone, server, home, request }: SubordinateInitReport,
  where: { readonly zoneHome: string; readonly file: string },
): JsonDocument {
  return {
    dryRun: false,
    zone: { id: zone.id, name: zone.name, home: where.zoneHome, custody: zone.custody },
    authority: { ...authorityRequestJson(request), file: where.file },
    server: { ...memberJson(server), home },
  };
}
