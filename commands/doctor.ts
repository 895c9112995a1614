import { ZmintError } from '../src/errors.js';
import type { Finding, WriterFacts } from '../src/index.js';
import { defineCommand, type Outcome } from './cli/command.js';
import type { Session } from './cli/session.js';
import { findingsJson, findingsStatus, renderFindings } from './doctor-view.js';
import { SMALL_ZONE } from './ssl/given.js';

/** `zmint doctor`: what is wrong here, and what mends it. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'look at everything and say what mends it',
  description:
    'Looks at the database and the audit log, the clock, who is writing, modes and owners of the folders, the trust store, the CA and its keys, every set in use or waiting (key, certificate, chain, dates), sets placed by hand, operations and probes. Each problem comes with the command that mends it. One broken thing hides no other, and it works when everything has expired.\nIt changes nothing and asks for no passphrase: it sees whether the file of the CA key is what was written, but does not open it.',
  arguments: {},
  options: {},
  changes: false,
  statuses: [
    'no-zone',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'storage',
    'partial',
  ],
  examples: [
    { line: 'zmint doctor', shows: 'a zone in which all is well', given: SMALL_ZONE },
    { line: 'zmint doctor --json', shows: 'the findings for a script', given: SMALL_ZONE },
  ],
  async run(session): Promise<Outcome> {
    const findings = await examine(session);
    return {
      json: () => findingsJson(findings),
      text: () => renderFindings(findings, session.terminal),
      status: findingsStatus(findings),
    };
  },
});

/** A zone that cannot even be opened is one finding; without a zone there is nothing to look at. */
async function examine(session: Session): Promise<readonly Finding[]> {
  const { examineZone } = await import('../src/index.js');
  const writer = await writerOf(session);
  try {
    return await examineZone(await session.open(), writer, session.now);
  } catch (error) {
    if (!isExpected(error) || error.code === 'no-zone') throw error;
    const { code, message, hint } = error;
    const mend = hint === undefined || hint === 'zmint doctor' ? RESTORE : hint;
    const examination = code === 'unsafe-path' ? 'zone-home' : 'database';
    return [{ examination, severity: 'problem', code, message, mend }];
  }
}

const RESTORE =
  'zmint ca restore FILE --accept-older, with the newest backup: what is here is set aside whole';

async function writerOf(session: Session): Promise<WriterFacts | ZmintError | undefined> {
  try {
    return await session.findWriter();
  } catch (error) {
    if (isExpected(error)) return error;
    throw error;
  }
}

function isExpected(error: unknown): error is ZmintError {
  return error instanceof ZmintError && error.code !== 'bug';
}
