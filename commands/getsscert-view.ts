import {
  renderInstant,
  renderMoment,
  type FetchedCertificate,
  type FetchedChain,
  type OffsetAt,
} from '../src/index.js';
import type { JsonDocument } from './cli/command.js';
import { escapeText } from './cli/escape-text.js';
import { labelledLines } from './cli/labelled-lines.js';
import type { Surface } from './cli/table.js';

/** What a server sent: a line, then each certificate with what it is. */
export function renderFetched(fetched: FetchedChain, surface: Surface, offsetAt: OffsetAt): string {
  const { certificates, target, protocol, wanted } = fetched;
  const count = certificates.length === 1 ? '1 certificate' : `${certificates.length} certificates`;
  const blocks = certificates.map((fetchedOne, index) => {
    const { certificate, fingerprint, problems } = fetchedOne;
    return labelledLines(
      [
        [`Certificate ${index + 1}`, [certificate.subject.text]],
        ['What it is', [kindWords(fetchedOne)]],
        ['Names', [...certificate.dnsNames, ...certificate.ipAddresses].slice(0, 10)],
        ['Expires', [renderMoment(certificate.notAfter, offsetAt)]],
        ['Key', [certificate.key]],
        ['SHA-256', fingerprintLines(fingerprint)],
        ['Wanted', wanted.includes(index) && certificates.length > 1 ? ['yes'] : []],
        ['Problems', problems.map((text) => ({ text, dress: surface.style.bad }))],
      ],
      surface,
    );
  });
  return [`${escapeText(target)} sends ${count} (${protocol})\n`, ...blocks].join('\n');
}

/** The same for scripts. */
export function fetchedJson(fetched: FetchedChain): JsonDocument {
  return {
    target: fetched.target,
    serverName: fetched.serverName,
    protocol: fetched.protocol,
    certificates: fetched.certificates.map((one, index) => ({
      sha256: one.fingerprint,
      kind: one.kind,
      issuerAt: one.issuerAt,
      wanted: fetched.wanted.includes(index),
      subject: one.certificate.subject.text,
      issuer: one.certificate.issuer.text,
      notBefore: renderInstant(one.certificate.notBefore),
      notAfter: renderInstant(one.certificate.notAfter),
      dnsNames: one.certificate.dnsNames,
      ipAddresses: one.certificate.ipAddresses,
      key: one.certificate.key,
      problems: one.problems,
    })),
  };
}

function kindWords({ kind, certificate, issuerAt }: FetchedCertificate): string {
  if (kind === 'root') return 'a root: a CA that signed itself';
  if (kind === 'self-signed') return 'self-signed: nobody else vouches for it';
  const what = certificate.isCa ? 'a CA below' : 'issued by';
  const where =
    issuerAt === null ? 'which the server does not send' : `certificate ${issuerAt + 1}`;
  return `${what} ${certificate.issuer.text}, ${where}`;
}

/** In pairs with colons, as other tools show it, in two lines that fit 80 columns. */
function fingerprintLines(fingerprint: string): readonly string[] {
  const pairs = fingerprint.toUpperCase().match(/../gu) ?? [];
  return [pairs.slice(0, 16).join(':'), pairs.slice(16).join(':')];
}
