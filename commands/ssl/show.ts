import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { certificatePaneJson } from './certificate-pane-json.js';
import { renderCertificatePane } from './certificate-pane-view.js';
import { SMALL_ZONE, WAITING_REMINT } from './given.js';

/** `zmint ssl show`: one server's certificate in full. */
export const sslShow = defineCommand({
  name: 'ssl show',
  summary: 'show the certificate of a server',
  description:
    'Shows the certificate that a server uses, or with --future the one that waits for its activation: names, issuer, validity, key, serial number, fingerprints, status, update status, and the folders in which the files lie.',
  arguments: {
    server: { kind: 'required', value: 'SERVER', summary: 'the server', parse: text },
  },
  options: {
    future: { kind: 'flag', flag: '--future', summary: 'the certificate that waits' },
  },
  changes: false,
  statuses: [
    'no-zone',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
  ],
  examples: [
    { line: 'zmint ssl show web1', shows: 'what web1 uses', given: SMALL_ZONE },
    { line: 'zmint ssl show web1 --future', shows: 'what it will use', given: WAITING_REMINT },
  ],
  async run(session, input) {
    const { showServerCertificate } = await import('../../src/index.js');
    const { now, offsetAt, terminal } = session;
    const which = input.future ? 'future' : 'current';
    const pane = await showServerCertificate(await session.open(), input.server, which, now);
    return {
      json: () => certificatePaneJson(pane, now),
      text: () => renderCertificatePane(pane, { surface: terminal, offsetAt, now }),
    };
  },
});
