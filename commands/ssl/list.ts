import type {
  CertificateStatus,
  ListedServer,
  OperationMember,
  ServerRun,
} from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { oneOf, text } from '../cli/parsers.js';
import { serverCertificateJson } from './certificate-pane-json.js';
import { isWide, renderCertificates } from './certificate-pane-view.js';
import { SMALL_ZONE, WAITING_REMINT } from './given.js';
import { renderServerLines } from './server-lines-view.js';
import { renderServerRuns } from './server-runs-view.js';

type ListedState = CertificateStatus | OperationMember['update'];

const STATES: readonly ListedState[] = [
  'active',
  'expired',
  'not-yet-valid',
  'revoked',
  'no-certificate',
  'new-certificate-created',
  'creating-certificate-failed',
  'csr-generated',
  'csr-generation-failed',
  'new-certificate-uploaded',
  'not-assigned',
  'update-assigned',
  'pending-certificate-activation',
  'update-completed',
  'error',
  'ignored',
];

/** `zmint ssl list`: the manuals' pane of server certificates. */
export const sslList = defineCommand({
  name: 'ssl list',
  summary: 'list the certificates of servers',
  description:
    'Lists every server with its certificate: issued to, subject, issued by, valid from, expires on, certificate status, options, update status, version and the first digits of the SHA-256 fingerprint; as many of these as the terminal is wide. While a remint runs, the status is that of the certificate that waits. Times are those of this system.',
  arguments: {},
  options: {
    state: {
      kind: 'value',
      flag: '--state',
      value: 'S',
      summary: `only servers in this state: ${STATES.join(', ')}`,
      parse: oneOf<ListedState>(STATES),
    },
    member: {
      kind: 'list',
      flag: '--member',
      value: 'SERVER',
      summary: 'only this server',
      parse: text,
    },
  },
  changes: false,
  statuses: ['no-zone', 'unknown-member', 'ambiguous-member', 'unsafe-path', 'damaged'],
  examples: [
    { line: 'zmint ssl list', shows: 'every server', given: SMALL_ZONE },
    {
      line: 'zmint ssl list --state new-certificate-created --json',
      shows: 'the servers whose next certificate waits',
      given: WAITING_REMINT,
    },
  ],
  async run(session, input) {
    const {
      areServersAtRest,
      findAwaitedAuthority,
      lineOfServer,
      listServerCertificates,
      listServerLines,
      listServerRuns,
    } = await import('../../src/index.js');
    const { now, offsetAt, terminal } = session;
    const ctx = await session.glance();
    if ((await findAwaitedAuthority(ctx.store)) !== null)
      session.warn('the CA waits for its certificate: zmint ssl import FILE');
    const list = async function* (depth: 'current' | 'all') {
      for await (const batch of listServerCertificates(ctx, input.member, { now, depth }))
        yield batch.filter(({ status, part }) => isIn(status, part?.update, input.state));
    };
    const lines = async function* (): AsyncGenerator<readonly ListedServer[], void> {
      if (input.member.length > 0) {
        for await (const batch of list('current')) yield batch.map(lineOfServer);
        return;
      }
      for await (const page of listServerLines(ctx, now))
        yield page.filter(({ status, update }) => isIn(status, update, input.state));
    };
    const runs = async function* (): AsyncGenerator<readonly ServerRun[], void> {
      for await (const page of listServerRuns(ctx, now))
        yield page.filter(({ status }) => isIn(status, null, input.state));
    };
    const atRest = input.member.length === 0 && (await areServersAtRest(ctx));
    return {
      list: 'servers',
      async *rows() {
        for await (const batch of list('all'))
          yield batch.map((row) => serverCertificateJson(row, now));
      },
      pieces: () => {
        const options = { surface: terminal, offsetAt, now };
        if (isWide(terminal)) return renderCertificates(list('all'), options);
        return atRest ? renderServerRuns(runs(), options) : renderServerLines(lines(), options);
      },
    };
  },
});

function isIn(
  status: CertificateStatus,
  update: OperationMember['update'] | null | undefined,
  wanted: ListedState | undefined,
): boolean {
  return wanted === undefined || status === wanted || update === wanted;
}
