import {
  memberHome,
  parseKeyUri,
  renderInstant,
  renderMoment,
  tokenName,
  type InitPlan,
  type InitReport,
} from '../src/index.js';
import type { OffsetAt } from '../src/index.js';
import type { JsonDocument } from './cli/command.js';
import type { Surface } from './cli/table.js';
import { labelledLines } from './cli/labelled-lines.js';
import { wrapFields } from './cli/wrap-fields.js';
import { memberJson } from './server/member-json.js';

/** The zone that is about to be made. */
export function renderInitPlan(
  plan: InitPlan,
  options: { readonly width: number; readonly offsetAt: OffsetAt; readonly zoneHome: string },
): string {
  const { server } = plan;
  const names = [
    server.dnsName ?? '',
    ...(server.additionalDnsNames ?? []),
    ...(server.ipAddresses ?? []),
  ];
  const fields = wrapFields(
    [
      ['Zone home', options.zoneHome],
      ['CA', `CN=${plan.commonName}, internal`],
      ['Key', plan.keySpec],
      ['Valid until', renderMoment(plan.validity.notAfter, options.offsetAt)],
      ['CA key', custodyText(plan)],
      [
        'First server',
        `${server.name} (${names.filter((name) => name !== '').join(', ')}), with the CA role`,
      ],
      ['Its home', server.home ?? `${options.zoneHome}/servers/${server.name.toLowerCase()}`],
    ],
    options.width,
  );
  return `Plan: create the zone ${plan.name}\n\n${fields}`;
}

/** The zone that was made, and where its first server finds its files. */
export function renderInitReport(report: InitReport, surface: Surface): string {
  const live = `${report.home}/security/live`;
  return labelledLines(
    [
      ['Zone', [report.zone.name]],
      ['CA', [`CN=${report.authority.commonName}`]],
      ['SHA-256', [report.authority.certificate]],
      ['CA key', tokenLines(report)],
      ['Server', [report.server.path]],
      ['Certificate', [`${live}/server.cer`]],
      ['Key', [`${live}/key.pem`]],
      ['Trust', [`${live}/ca.cert`]],
    ],
    surface,
  );
}

function tokenLines({ token }: InitReport): readonly string[] {
  if (token === null) return [];
  const how = token.isNew ? 'made in the token' : 'was in the token already, and is used as it is';
  return [how, token.tokenKey.uri];
}

/** The plan for scripts. */
export function initPlanJson(plan: InitPlan): JsonDocument {
  return {
    name: plan.name,
    server: plan.server,
    keySpec: plan.keySpec,
    commonName: plan.commonName,
    notBefore: renderInstant(plan.validity.notBefore),
    notAfter: renderInstant(plan.validity.notAfter),
    custody: plan.custody,
    keyUri: plan.keyUri,
  };
}

/** The result for scripts. */
export function initReportJson(report: InitReport, plan: InitPlan, zoneHome: string): JsonDocument {
  const { zone, authority, server, home } = report;
  return {
    dryRun: false,
    zone: { id: zone.id, name: zone.name, home: zoneHome, custody: zone.custody },
    authority: {
      generation: authority.generation,
      subject: `CN=${authority.commonName}`,
      sha256: authority.certificate,
      keySpec: plan.keySpec,
      keyUri: report.token?.tokenKey.uri ?? null,
      keyMade: report.token?.isNew ?? true,
      notAfter: renderInstant(plan.validity.notAfter),
    },
    server: {
      ...memberJson(server),
      home: memberHome(zoneHome, server) ?? home,
      live: `${home}/security/live`,
    },
  };
}

function tokenText(keyUri: string): string {
  const { uri } = parseKeyUri(keyUri);
  return `${uri.object ?? uri.id ?? ''} in the token ${tokenName(uri)}: used if it is there already, else made there; it never leaves the token`;
}

/** How the CA key is to be kept, and what that means. */
export function custodyText(plan: Pick<InitPlan, 'custody'> & Partial<InitPlan>): string {
  if (typeof plan.keyUri === 'string') return tokenText(plan.keyUri);
  return plan.custody === 'passphrase'
    ? 'locked with a passphrase; without it the CA cannot be reminted'
    : 'WITHOUT a passphrase: whoever can read the zone home can use it';
}
