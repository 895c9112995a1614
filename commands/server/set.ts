import { ZmintError } from '../../src/errors.js';
import {
  SATELLITE_ROLES,
  type Member,
  type MemberUpdate,
  type ReadContext,
  type SatelliteRole,
  type SetPlan,
} from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { hostPort, oneOf, orNothing, text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { refuseKind } from './refuse-kind.js';
import { changedList } from './set-lists.js';
import { changesJson, renderChanges, renderSetPlan } from './set-view.js';

type ServerKind = 'primary' | 'satellite';

const NAME_FIELDS = ['dnsName', 'additionalDnsNames', 'ipAddresses'];

/** `zmint server set`: change what the zone knows about a server. */
export const serverSet = defineCommand({
  name: 'server set',
  summary: 'change what the zone knows about a server',
  description:
    'Changes names, addresses, roles and how the server is reloaded and looked at. What is not named stays; an empty text takes a value away. The certificate follows with the next remint.',
  arguments: {
    server: { kind: 'required', value: 'SERVER', summary: 'the server', parse: text },
  },
  options: {
    dns: {
      kind: 'value',
      flag: '--dns',
      value: 'FQDN',
      summary: 'the DNS name that clients use',
      parse: text,
    },
    addDns: {
      kind: 'list',
      flag: '--add-dns',
      value: 'NAME',
      summary: 'one more DNS name',
      parse: text,
    },
    removeDns: {
      kind: 'list',
      flag: '--remove-dns',
      value: 'NAME',
      summary: 'an additional DNS name that it has no more',
      parse: text,
    },
    ip: { kind: 'list', flag: '--ip', value: 'ADDR', summary: 'one more IP address', parse: text },
    removeIp: {
      kind: 'list',
      flag: '--remove-ip',
      value: 'ADDR',
      summary: 'an IP address that it has no more',
      parse: text,
    },
    kind: {
      kind: 'value',
      flag: '--kind',
      value: 'KIND',
      summary: 'primary or satellite',
      parse: oneOf<ServerKind>(['primary', 'satellite']),
    },
    role: {
      kind: 'list',
      flag: '--role',
      value: 'ROLE',
      summary: `one more role of a satellite: ${SATELLITE_ROLES.join(', ')}`,
      parse: oneOf<SatelliteRole>(SATELLITE_ROLES),
    },
    removeRole: {
      kind: 'list',
      flag: '--remove-role',
      value: 'ROLE',
      summary: 'a role that it has no more',
      parse: oneOf<SatelliteRole>(SATELLITE_ROLES),
    },
    path: {
      kind: 'value',
      flag: '--path',
      value: 'PATH',
      summary: 'its folder in the zone, such as Berlin/Web',
      parse: orNothing(text),
    },
    home: {
      kind: 'value',
      flag: '--home',
      value: 'DIR',
      summary: 'where its files lie; only while it has no certificate',
      parse: orNothing(text),
    },
    reload: {
      kind: 'value',
      flag: '--reload',
      value: 'COMMAND',
      summary: 'the shell command that makes it read its files again',
      parse: orNothing(text),
    },
    probe: {
      kind: 'value',
      flag: '--probe',
      value: 'HOST:PORT',
      summary: 'where a TLS handshake shows what it serves',
      parse: orNothing(hostPort),
    },
    softwareVersion: {
      kind: 'value',
      flag: '--software-version',
      value: 'VERSION',
      summary: 'the version of the software on it',
      parse: orNothing(text),
    },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'damaged',
    'policy',
    'storage',
  ],
  examples: [
    {
      line: 'zmint server set web1 --add-dns www.example.com --yes',
      shows: 'one more name; zmint ssl remint web1 --include-dns brings it into the certificate',
      given: SMALL_ZONE,
    },
    {
      line: "zmint server set web1 --reload 'systemctl reload nginx' --probe web1.example.com:443 --yes",
      shows: 'how it is reloaded and looked at',
      given: SMALL_ZONE,
    },
    {
      line: "zmint server set web1 --reload '' --yes",
      shows: 'without a reload command',
      given: [...SMALL_ZONE, 'zmint server set web1 --reload true --yes'],
    },
  ],
  async run(session, input) {
    const decision = await runPlanned<SetPlan>(session, {
      command: 'server set',
      plan: (ctx, now) => planUpdate(session, input, { ctx, now }),
      show: (plan) => ({
        plan: renderSetPlan(plan, session.terminal.width),
        question: `Change ${plan.after.name}?`,
      }),
    });
    if (decision.answer === 'nothing') {
      return {
        json: { dryRun: session.dryRun, changed: {} },
        text: 'Nothing changes: it is so already.',
      };
    }
    if (decision.answer === 'dry-run') return dryRunOutcome(decision, changesJson);
    const { executeSet } = await import('../../src/index.js');
    await executeSet(decision.ctx, decision.plan);
    const { plan } = decision;
    return {
      json: () => ({ dryRun: false, ...changesJson(plan) }),
      text: () => renderChanges(plan, session.terminal.width),
      diagnostics: remintHint(plan),
    };
  },
});

interface SetInput {
  readonly server: string;
  readonly dns: string | undefined;
  readonly addDns: readonly string[];
  readonly removeDns: readonly string[];
  readonly ip: readonly string[];
  readonly removeIp: readonly string[];
  readonly kind: ServerKind | undefined;
  readonly role: readonly SatelliteRole[];
  readonly removeRole: readonly SatelliteRole[];
  readonly path: string | undefined;
  readonly home: string | undefined;
  readonly reload: string | undefined;
  readonly probe: string | undefined;
  readonly softwareVersion: string | undefined;
}

async function planUpdate(
  session: Session,
  input: SetInput,
  by: { readonly ctx: ReadContext; readonly now: number },
): Promise<SetPlan | undefined> {
  if (namesNothing(input)) {
    throw new ZmintError('usage', `what is to change about ${input.server}?`);
  }
  const { planSet, parseIpAddress } = await import('../../src/index.js');
  const { before } = await planSet(by.ctx, input.server, {}, by.now);
  refuseKind(before, 'server');
  const plan = await planSet(
    by.ctx,
    before.path,
    updateOf(session, { ...input, removeIp: input.removeIp.map(parseIpAddress) }, before),
    by.now,
  );
  return plan.fields.length === 0 ? undefined : plan;
}

function namesNothing({ server: _server, ...changes }: SetInput): boolean {
  return Object.values(changes).every(
    (value) => value === undefined || (Array.isArray(value) && value.length === 0),
  );
}

function updateOf(session: Session, input: SetInput, before: Member): MemberUpdate {
  const { home } = input;
  const member = before.name;
  return {
    kind: input.kind,
    path: input.path,
    dnsName: input.dns,
    additionalDnsNames: changedList(
      before.additionalDnsNames,
      { add: input.addDns, remove: input.removeDns.map(plainName) },
      { member, value: 'additional DNS name' },
    ),
    ipAddresses: changedList(
      before.ipAddresses,
      { add: input.ip, remove: input.removeIp },
      { member, value: 'IP address' },
    ),
    roles: changedList(
      before.roles,
      { add: input.role, remove: input.removeRole },
      { member, value: 'role' },
    ),
    home: home === undefined || home === '' ? home : session.absolute(home),
    reload: input.reload,
    probe: input.probe,
    version: input.softwareVersion,
  };
}

/** As names are stored: lower case, without the final dot. */
function plainName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/u, '');
}

function remintHint(plan: SetPlan): readonly string[] {
  if (!plan.fields.some((field) => NAME_FIELDS.includes(field))) return [];
  const option = plan.after.additionalDnsNames.length > 0 ? ' --include-dns' : '';
  return [
    `next: zmint ssl remint ${plan.after.name}${option} brings the names into its certificate`,
  ];
}
