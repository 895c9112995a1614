import { renderInstant, renderMoment, type SatellitePlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { memberJson } from '../server/member-json.js';

type Evidence = 'handshake' | 'files' | undefined;

const HEADS = {
  given: 'import a certificate for',
  kept: 'import the certificate again for',
  live: 'reconfigure',
} as const;

/** What is about to happen to a satellite. */
export function renderSatellitePlan(plan: SatellitePlan, session: Session): string {
  const { leaf, member } = plan;
  const fields = wrapFields(
    [
      ['Satellite', member.path],
      ['Certificate', leaf.subject.text],
      ['SHA-256', plan.fingerprint],
      ['Issued by', leaf.issuer.text],
      ['DNS names', leaf.dnsNames.join(', ')],
      ['Valid until', renderMoment(leaf.notAfter, session.offsetAt)],
      ['Sent behind it', plan.issuers.map((one) => one.subject.text).join(', ')],
      ['Replaces', replaces(plan)],
      ['Keystore', keystoreWords(plan)],
      ['Then', thenWords(plan)],
    ],
    session.terminal.width,
  );
  return `Plan: ${HEADS[plan.source]} ${member.name}\n\n${fields}`;
}

/** The question behind the plan. */
export function satelliteQuestion({ source, member }: SatellitePlan): string {
  if (source === 'live') return `Reconfigure ${member.name}?`;
  return `Import this certificate and reconfigure ${member.name}?`;
}

/** The plan for scripts; nothing secret is in it. */
export function satellitePlanJson(plan: SatellitePlan): JsonDocument {
  const { keystore, leaf } = plan;
  return {
    member: memberJson(plan.member),
    source: plan.source,
    certificate: {
      sha256: plan.fingerprint,
      subject: leaf.subject.text,
      issuer: leaf.issuer.text,
      serial: leaf.serial,
      notBefore: renderInstant(leaf.notBefore),
      notAfter: renderInstant(leaf.notAfter),
      dnsNames: leaf.dnsNames,
      ipAddresses: leaf.ipAddresses,
      key: leaf.key,
    },
    replacesGeneration: plan.live?.number ?? null,
    sameCertificate: plan.same,
    keystore:
      keystore === null
        ? null
        : { format: keystore.format, alias: keystore.alias, file: keystoreFile(plan) },
  };
}

/** What was done. */
export function placedJson(plan: SatellitePlan, evidence: Evidence): JsonDocument {
  return { ...satellitePlanJson(plan), evidence: evidence ?? null };
}

/** The same for people. */
export function renderPlaced({ member, source, leaf }: SatellitePlan, evidence: Evidence): string {
  const what = source === 'live' ? 'was reconfigured' : `has ${escapeText(leaf.subject.text)}`;
  const how = evidence === 'handshake' ? '; a handshake has shown it' : '';
  return `${member.name} ${what}${how}.`;
}

function replaces({ live, same }: SatellitePlan): string {
  if (live === undefined) return 'nothing: it has no certificate yet';
  return `generation ${live.number}${same ? ', with the same certificate' : ''}`;
}

function keystoreWords(plan: SatellitePlan): string {
  const { keystore } = plan;
  if (keystore === null) return 'none: PEM files alone';
  const word = keystore.format === 'jks' ? 'JKS' : 'PKCS#12';
  return `${keystoreFile(plan) ?? ''} (${word}, entry "${keystore.alias}")`;
}

function keystoreFile({ home, keystore }: SatellitePlan): string | null {
  if (keystore === null) return null;
  return `${home}/security/live/server.${keystore.format === 'jks' ? 'jks' : 'p12'}`;
}

function thenWords({ member, reconfigure }: SatellitePlan): string {
  if (!reconfigure) return 'nothing: it is neither reloaded nor looked at';
  const reload = member.reload === null ? 'no reload command is known' : `runs ${member.reload}`;
  return member.probe === null ? reload : `${reload}, then looks at ${member.probe}`;
}
