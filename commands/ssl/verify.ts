import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { SMALL_ZONE } from './given.js';
import { renderVerdicts, verdictsJson, verdictStatus } from './verify-view.js';

/** `zmint ssl verify`: what servers really show, against what they should. */
export const sslVerify = defineCommand({
  name: 'ssl verify',
  summary: 'connect to servers and judge what they show',
  description:
    'Connects to each server at its probe address, takes what it shows in a TLS handshake, and reads the files that it should serve. It tells which it is: expired, not yet valid, trust missing, intermediate or cross-certificate missing, wrong certificate, name mismatch, weak key, unreachable; and the command that mends it. While a CA is being replaced it also checks that clients with only the old root and clients with only the new root both get through.\nA server without a probe address is judged by its files alone.',
  arguments: {
    servers: {
      kind: 'rest',
      value: 'SERVER',
      summary: 'the servers to look at; all when none is named',
      parse: text,
    },
  },
  options: {},
  changes: false,
  statuses: [
    'no-zone',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'unreachable',
    'served-differs',
    'partial',
  ],
  examples: [
    { line: 'zmint ssl verify', shows: 'every server', given: SMALL_ZONE },
    { line: 'zmint ssl verify web1 --json', shows: 'one server, for a script', given: SMALL_ZONE },
  ],
  async run(session, input) {
    const { verifyServers } = await import('../../src/index.js');
    const verdicts = await verifyServers(await session.open(), input.servers, session.now);
    const { terminal, options } = session;
    return {
      json: () => verdictsJson(verdicts),
      text: () => renderVerdicts(verdicts, { surface: terminal, verbose: options.verbose }),
      status: verdictStatus(verdicts, input.servers.length),
    };
  },
});
