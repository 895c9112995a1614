import { defineCommand } from '../cli/command.js';
import { wholeNumber } from '../cli/parsers.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { authorityPaneJson } from './authority-json.js';
import { crlLines, crlStandingJson } from './crl-standing-view.js';
import { extensionLines } from './extension-lines.js';
import { renderAuthority } from './authority-view.js';

/** `zmint ca show`: the manuals' CA pane. */
export const caShow = defineCommand({
  name: 'ca show',
  summary: 'show the certificate authority',
  description:
    'Shows the certificate of the CA in use: subject, issuer, validity, key length, fingerprints, status, the server that holds its key, its generation, how the key is locked, and the CAs above it; when the revocation lists end, once there is one, and what settings.json puts into every certificate. Times are those of this system, with UTC behind them.',
  arguments: {},
  options: {
    generation: {
      kind: 'value',
      flag: '--generation',
      value: 'N',
      summary: 'another generation than the one in use',
      parse: wholeNumber(1, 1_000_000),
    },
  },
  changes: false,
  statuses: ['no-zone', 'operation-pending', 'not-found', 'unsafe-path', 'damaged', 'unreadable'],
  examples: [
    { line: 'zmint ca show', shows: 'the CA in use', given: SMALL_ZONE },
    { line: 'zmint ca show --generation 1 --json', shows: 'the first one', given: SMALL_ZONE },
  ],
  async run(session, input) {
    const { readCrlStanding, readSettings, showAuthority } = await import('../../src/index.js');
    const ctx = await session.open();
    const pane = await showAuthority(ctx, input.generation ?? null, session.now);
    const crls = await readCrlStanding(ctx, session.now);
    const { extensions } = await readSettings(ctx);
    const { now, offsetAt, terminal } = session;
    return {
      json: () => ({
        ...authorityPaneJson(pane, now),
        crls: crlStandingJson(crls),
        extensions,
      }),
      text: () =>
        renderAuthority(pane, { surface: terminal, offsetAt, now }, [
          ['Revocation', crlLines(crls, now, terminal)],
          ...extensionLines(extensions),
        ]),
    };
  },
});
