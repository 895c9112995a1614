import { ZmintError } from '../src/errors.js';
import type { FetchedChain, FetchRequest, OutsideContext, SavePlan } from '../src/index.js';
import { defineCommand, type InputOf, type Outcome } from './cli/command.js';
import { escapeText } from './cli/escape-text.js';
import type { Session } from './cli/session.js';
import { GETSSCERT_ARGUMENTS, GETSSCERT_OPTIONS } from './getsscert-options.js';
import { fetchedJson, renderFetched } from './getsscert-view.js';

type Input = InputOf<typeof GETSSCERT_ARGUMENTS, typeof GETSSCERT_OPTIONS>;

const TIMEOUT = 10;

/** `zmint getsscert`: what a server shows, checked and saved. */
export const getsscert = defineCommand({
  name: 'getsscert',
  summary: "fetch and check a server's certificate",
  description:
    'Connects to any server, with --starttls also to mail, directory and database servers, and shows what it sends: each certificate with its SHA-256 fingerprint and what it is, self-signed or issued by whom. No zone is needed.\nWith --fingerprint it is refused (exit status 31) unless the certificate has it: that of the server itself, or with --save top that of the last issuer. With --out it is saved. Without --fingerprint a person is asked to compare; a script says --yes and so trusts what it sees first.',
  arguments: GETSSCERT_ARGUMENTS,
  options: GETSSCERT_OPTIONS,
  changes: true,
  statuses: [
    'question-unanswered',
    'unsafe-path',
    'unreadable',
    'policy',
    'unreachable',
    'served-differs',
    'storage',
  ],
  examples: [
    { line: 'zmint getsscert web1.example.com', shows: 'what a server sends' },
    {
      line: 'zmint getsscert web1.example.com:8443 --out cainfo.pem --add --yes',
      shows: 'its certificate in the file of an agent, trusted as it was first seen',
    },
    {
      line: 'zmint getsscert mail.example.com --starttls smtp --save chain --out mail.pem --yes',
      shows: 'all that a mail server sends',
    },
  ],
  async run(session, input) {
    if (input.add && input.out === undefined)
      throw new ZmintError('usage', '--add needs --out FILE');
    if (input.out !== undefined) await session.requirePlace(input.out, 'file');
    const { fetchChain, requireFingerprint } = await import('../src/index.js');
    const ctx = await session.outside();
    const fetched = await fetchChain(ctx, await requestOf(session, input));
    const expected = input.fingerprint;
    if (expected !== undefined) requireFingerprint(fetched, expected);
    if (input.out === undefined) return shown(session, fetched, expected !== undefined);
    return save(session, { ctx, fetched, input, out: session.absolute(input.out) });
  },
});

async function requestOf(session: Session, input: Input): Promise<FetchRequest> {
  const { parseTarget, START_TLS } = await import('../src/index.js');
  const startTls = input.startTls ?? null;
  const { host, text: target } = parseTarget(
    input.host,
    startTls === null ? 443 : START_TLS[startTls],
  );
  return {
    target,
    serverName: input.serverName ?? host,
    startTls,
    timeout: input.timeout ?? TIMEOUT,
    wanted: input.wanted ?? 'own',
    now: session.now,
  };
}

function shown(session: Session, fetched: FetchedChain, checked: boolean): Outcome {
  return {
    json: () => ({ ...fetchedJson(fetched), fingerprintChecked: checked, saved: null }),
    text: () => renderFetched(fetched, session.terminal, session.offsetAt),
  };
}

interface Saving {
  readonly ctx: OutsideContext;
  readonly fetched: FetchedChain;
  readonly input: Input;
  readonly out: string;
}

async function save(session: Session, { ctx, fetched, input, out }: Saving): Promise<Outcome> {
  const { planSave, executeSave } = await import('../src/index.js');
  const checked = input.fingerprint !== undefined;
  const plan = await planSave(ctx, { fetched, out, add: input.add });
  const json = { ...fetchedJson(fetched), fingerprintChecked: checked };
  if (plan.bytes === null) {
    return {
      json: { ...json, dryRun: false, saved: null },
      text: `${escapeText(out)} has it already.`,
    };
  }
  if (!checked || plan.replaces || session.dryRun) {
    const answer = await session.confirm({
      plan: `${renderFetched(fetched, session.terminal, session.offsetAt)}\n${effect(plan)}\n`,
      question: question(plan, checked),
    });
    if (answer === 'dry-run') {
      return {
        json: { ...json, dryRun: true, saved: null },
        text: 'Nothing was saved: this was a dry run.',
      };
    }
  }
  if (!checked) session.warn('nobody but you has checked the fingerprint');
  await executeSave(ctx, plan);
  const prints = plan.saved.map(({ fingerprint }) => fingerprint);
  return {
    json: { ...json, dryRun: false, saved: { out, sha256: prints } },
    text: prints.map((each) => `Saved ${each} to ${escapeText(out)}.`).join('\n'),
  };
}

function effect({ out, saved, replaces }: SavePlan): string {
  const verb = replaces ? 'replace' : 'save to';
  const what = saved.length === 1 ? '1 certificate' : `${saved.length} certificates`;
  return `Plan: ${verb} ${escapeText(out)}, ${what}`;
}

function question({ replaces, out }: SavePlan, checked: boolean): string {
  if (checked && replaces) return `Replace ${escapeText(out)}?`;
  return 'Is this the fingerprint that whoever runs the server has told you?';
}
