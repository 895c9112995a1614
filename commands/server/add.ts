import { ZmintError } from '../../src/errors.js';
import type { AddPlan, AddReport, MemberInput, ReadContext } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { escapeText } from '../cli/escape-text.js';
import { exitStatus } from '../cli/exit-status.js';
import { oneOf, text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { addPlanJson, addReportJson } from './add-json.js';
import { addQuestion, renderAdded, renderAddPlan, type AddViewOptions } from './add-view.js';
import { badRows, judgeRows } from './judge-rows.js';
import { MEMBER_OPTIONS, ROLE_OPTION } from './member-options.js';
import { readServersCsv, type ServerRow } from './read-servers-csv.js';

type ServerKind = 'primary' | 'satellite';

const INIT = 'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes';

/** `zmint server add`: a server of the zone, or many from a file. */
export const serverAdd = defineCommand({
  name: 'server add',
  summary: 'add a server, or many from a CSV file',
  description:
    'Adds a server to the zone and makes its first certificate, live at once, since there is nothing that it would replace. The server is pointed at the files in security/live of its home once; later remints change what they are, never where.\nA CSV file has a header with some of the columns name, dns, addDns, ip, kind, roles, home, reload, probe; several values in a cell are separated by spaces or semicolons. Nothing is added while a row of it is wrong.',
  arguments: {
    name: { kind: 'optional', value: 'NAME', summary: 'its name, as in a host name', parse: text },
  },
  options: {
    dns: {
      kind: 'value',
      flag: '--dns',
      value: 'FQDN',
      summary: 'the DNS name that clients use',
      parse: text,
    },
    addDns: MEMBER_OPTIONS.addDns,
    ip: MEMBER_OPTIONS.ip,
    kind: {
      kind: 'value',
      flag: '--kind',
      value: 'KIND',
      summary: 'primary (as when nothing is said) or satellite',
      parse: oneOf<ServerKind>(['primary', 'satellite']),
    },
    role: ROLE_OPTION,
    path: MEMBER_OPTIONS.path,
    home: MEMBER_OPTIONS.home,
    reload: MEMBER_OPTIONS.reload,
    probe: MEMBER_OPTIONS.probe,
    from: {
      kind: 'value',
      flag: '--from',
      value: 'FILE',
      summary: 'many servers from a CSV file',
      parse: text,
    },
    noMint: { kind: 'flag', flag: '--no-mint', summary: 'without a certificate for now' },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'unsafe-path',
    'damaged',
    'unreadable',
    'not-valid-then',
    'policy',
    'member-exists',
    'storage',
    'token-unavailable',
    'partial',
  ],
  examples: [
    {
      line: 'zmint server add web1 --dns web1.example.com --yes',
      shows: 'a server with its first certificate',
      given: [INIT],
    },
    {
      line: 'zmint server add web2 --dns web2.example.com --add-dns www.example.com --reload "systemctl reload nginx" --probe web2.example.com:443 --yes',
      shows: 'one that is reloaded and looked at when its certificate changes',
      given: [INIT],
    },
  ],
  async run(session, input) {
    const rows = await rowsOf(session, input);
    const { planAdd, executeAdd } = await import('../../src/index.js');
    const options = viewOptions(session);
    const decision = await runPlanned<AddPlan>(session, {
      command: 'server add',
      plan: async (ctx, now) => {
        if (input.from !== undefined) await refuseBadRows(session, ctx, rows, input.from);
        return planAdd(ctx, { members: rows.map((row) => row.input), mint: !input.noMint }, now);
      },
      show: (plan) => ({
        plan: renderAddPlan(plan, 'server', options),
        question: addQuestion(plan, 'server'),
      }),
    });
    if (decision.answer !== 'go') {
      return dryRunOutcome(decision, (plan) => addPlanJson(plan, session.zoneHome));
    }
    const report = await executeAdd(decision.ctx, decision.plan);
    const [failure] = report.failed;
    if (failure !== undefined && decision.plan.members.length === 1) throw failure.error;
    return {
      json: () => addReportJson(report),
      text: () => renderAdded(report, options),
      status: statusOf(report),
      diagnostics: nextLines(report),
    };
  },
});

interface AddInput {
  readonly name: string | undefined;
  readonly dns: string | undefined;
  readonly addDns: readonly string[];
  readonly ip: readonly string[];
  readonly kind: ServerKind | undefined;
  readonly role: readonly string[];
  readonly path: string | undefined;
  readonly home: string | undefined;
  readonly reload: string | undefined;
  readonly probe: string | undefined;
  readonly from: string | undefined;
}

async function rowsOf(session: Session, input: AddInput): Promise<readonly ServerRow[]> {
  if (input.from === undefined) return [{ line: 0, input: memberInput(session, input) }];
  const { from, ...others } = input;
  const given = Object.entries(others).find(
    ([key, value]) => key !== 'noMint' && value !== undefined && String(value) !== '',
  );
  if (given !== undefined) {
    throw new ZmintError('usage', '--from takes everything about the servers from the file', {
      hint: `zmint server add --from ${from}`,
    });
  }
  return readServersCsv(await session.readFile(from), from);
}

function memberInput(session: Session, input: AddInput): MemberInput {
  if (input.name === undefined) {
    throw new ZmintError('usage', 'the name of the server is missing', {
      hint: 'zmint server add web1 --dns web1.example.com, or --from FILE.csv',
    });
  }
  return {
    name: input.name,
    kind: input.kind ?? 'primary',
    path: input.path,
    dnsName: input.dns,
    additionalDnsNames: input.addDns,
    ipAddresses: input.ip,
    roles: input.role,
    home: input.home === undefined ? undefined : session.absolute(input.home),
    reload: input.reload,
    probe: input.probe,
  };
}

async function refuseBadRows(
  session: Session,
  ctx: ReadContext,
  rows: readonly ServerRow[],
  file: string,
): Promise<void> {
  const bad = await judgeRows(rows, await ctx.store.members(), session.now);
  if (bad.length === 0) return;
  for (const { line, message } of bad) {
    session.terminal.note(`${escapeText(file)}:${line}: ${escapeText(message)}`);
  }
  throw badRows(bad, file);
}

function viewOptions(session: Session): AddViewOptions {
  return {
    surface: session.terminal,
    verbose: session.options.verbose,
    offsetAt: session.offsetAt,
    zoneHome: session.zoneHome,
  };
}

function statusOf({ failed }: AddReport): number {
  return failed.length === 0 ? 0 : exitStatus('partial');
}

function nextLines({ added, failed }: AddReport): readonly string[] {
  if (failed.length > 0) return ['next: mend what is listed, then add those again'];
  const [only] = added;
  if (only?.notAfter === null) return [`next: zmint ssl remint ${only.member.name}`];
  return added.length === 1
    ? ['next: point the server at these files and start it, then zmint ssl verify']
    : ['next: point each server at its security/live and start it, then zmint ssl verify'];
}
