import type { ExternalInitPlan, ExternalInitReport } from '../src/index.js';
import { renderInstant, renderMoment } from '../src/index.js';
import type { JsonDocument, Outcome } from './cli/command.js';
import { labelledLines } from './cli/labelled-lines.js';
import type { Session } from './cli/session.js';
import { wrapFields } from './cli/wrap-fields.js';
import { answerChain, answerInit, firstServer, type InitInput } from './init-request.js';
import { memberJson } from './server/member-json.js';

/** `zmint init --ca external`: plans, asks, makes. */
export async function initExternal(session: Session, input: InitInput): Promise<Outcome> {
  const plan = await planOf(session, input);
  for (const note of plan.notes) session.warn(note);
  const answer = await session.confirm({
    plan: `${renderPlan(plan, session)}\n`,
    question: `Create the zone ${plan.name}?`,
  });
  if (answer === 'dry-run') {
    return {
      json: { dryRun: true, plan: planJson(plan) },
      text: 'Nothing was changed: this was a dry run.',
    };
  }
  const { executeExternalInit } = await import('../src/index.js');
  const report = await executeExternalInit(await session.create('init'), plan);
  const { name } = report.server;
  return {
    json: () => reportJson(report, session.zoneHome),
    text: () =>
      labelledLines(
        [
          ['Zone', [report.zone.name]],
          ['CA', [`${report.root.subject}, external`]],
          ['SHA-256', [report.authority.certificate]],
          ['Server', [report.server.path]],
          ['Trust', [`${session.zoneHome}/truststore/cacerts.pem`]],
        ],
        session.terminal,
      ),
    diagnostics: [
      `next: zmint generate-csr ${name} makes the request that the CA is to sign`,
      'next: zmint server add NAME --dns FQDN adds the others, zmint status shows the zone',
    ],
  };
}

async function planOf(session: Session, input: InitInput): Promise<ExternalInitPlan> {
  const answers = await answerInit(session, input);
  const file = await answerChain(session, input);
  const { planExternalInit } = await import('../src/index.js');
  return planExternalInit(
    await session.formats(),
    {
      name: answers.name,
      server: firstServer(session, input, answers),
      keySpec: answers.keySpec,
      chain: { name: file, bytes: await session.readFile(file), passphrases: [] },
    },
    session.now,
  );
}

function renderPlan(plan: ExternalInitPlan, session: Session): string {
  const { root, intermediates, sorted } = plan.chain;
  const { server } = plan;
  const fields = wrapFields(
    [
      ['Zone home', session.zoneHome],
      ['CA', `${root.subject.text}, external`],
      ['Valid until', renderMoment(root.notAfter, session.offsetAt)],
      ['Between', intermediates.map(({ subject }) => subject.text).join('; ')],
      ['Order', sorted ? 'the file had another order; it was sorted, the root last' : ''],
      ['Keys of servers', plan.keySpec],
      ['First server', `${server.name} (${server.dnsName ?? ''}), without a certificate for now`],
      ['Its home', server.home ?? `${session.zoneHome}/servers/${server.name.toLowerCase()}`],
    ],
    session.terminal.width,
  );
  return `Plan: create the zone ${plan.name}\n\n${fields}`;
}

function planJson({ name, server, keySpec, chain, notes }: ExternalInitPlan): JsonDocument {
  return {
    name,
    server,
    keySpec,
    custody: 'external',
    root: { subject: chain.root.subject.text, notAfter: renderInstant(chain.root.notAfter) },
    intermediates: chain.intermediates.map(({ subject }) => subject.text),
    sorted: chain.sorted,
    notes,
  };
}

function reportJson(report: ExternalInitReport, zoneHome: string): JsonDocument {
  const { zone, authority, root, server, home } = report;
  return {
    dryRun: false,
    zone: { id: zone.id, name: zone.name, home: zoneHome, custody: zone.custody },
    authority: {
      generation: authority.generation,
      kind: authority.kind,
      subject: root.subject,
      sha256: authority.certificate,
      notAfter: renderInstant(root.notAfter),
    },
    server: { ...memberJson(server), home, live: `${home}/security/live` },
  };
}
