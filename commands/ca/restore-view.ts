import {
  parseKeyUri,
  renderAge,
  renderMoment,
  shellWord,
  tokenName,
  type RestorePlan,
  type RestoreReport,
} from '../../src/index.js';
import type { Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { restorePlanJson } from './restore-json.js';

type Look = Pick<Session, 'terminal' | 'offsetAt'>;

/** What is going to happen, for a person who is to say yes. */
export function renderRestorePlan(plan: RestorePlan, { terminal, offsetAt }: Look): string {
  const { manifest, request, server, outside } = plan;
  const names = outside.slice(0, 5).join(', ');
  const fields: readonly (readonly [string, string])[] = [
    [
      'Backup',
      `verified; made ${renderAge(manifest.madeAt, plan.at)}, ${renderMoment(manifest.madeAt, offsetAt)}`,
    ],
    ['Zone home', `${request.zoneHome}: ${placeText(plan)}`],
    ['CA role', roleText(plan, server?.name)],
    ['CA key', tokenText(plan)],
    [
      'Not touched',
      outside.length === 0
        ? ''
        : `${counted(outside.length, 'home')} outside of the zone home: ${names}${outside.length > 5 ? ' …' : ''}`,
    ],
  ];
  return `Plan: restore the zone ${escapeText(manifest.zoneName)}\n\n${wrapFields(fields, terminal.width)}`;
}

/** The question behind the plan. */
export function restoreQuestion({ manifest }: RestorePlan): string {
  return `Restore the zone ${manifest.zoneName}?`;
}

function placeText(plan: RestorePlan): string {
  if (plan.unfinished !== null) return 'a restore of this backup was cut short; it is finished';
  if (plan.present.lineage === 'restored')
    return 'restored from this backup already; nothing to do';
  if (plan.aside === null) return 'nothing is there';
  const what = {
    'no-zone': 'what is there',
    same: 'the zone that is there, which has not changed since,',
    older: 'the zone that is there, which has changed since the backup was made,',
    diverged: 'the zone that is there, which has gone another way than the backup,',
    unknown: 'the zone that is there, which cannot be read,',
  }[plan.present.lineage];
  return `${what} is moved to ${plan.aside}`;
}

/** Empty when every key is in the backup. */
function tokenText({ inToken }: RestorePlan): string {
  return inToken
    .map(({ generation, keyUri }) => {
      const { uri } = parseKeyUri(keyUri);
      return `that of generation ${generation} is not in the backup but in the token ${tokenName(uri)}; to sign here it must be plugged in, with its module at ${uri.modulePath}`;
    })
    .join('; ');
}

function roleText({ manifest }: RestorePlan, server: string | undefined): string {
  if (server === undefined) return 'none: the CA is external';
  if (manifest.custody === 'external')
    return `none: the CA is external; keys of other generations go to ${server}`;
  return manifest.server === server ? server : `${server}, before ${manifest.server ?? 'nobody'}`;
}

function doneRoleText({ manifest, server }: RestorePlan): string {
  if (server === null || manifest.custody === 'external') return 'none: the CA is external';
  return server.name;
}

const FORGOTTEN: Readonly<Record<RestoreReport['forgotten'][number], string>> = {
  'serial-numbers': 'serial numbers that were taken',
  revocations: 'what was revoked',
  'crl-numbers': 'numbers of revocation lists',
};

/** Empty when all was carried over that must be. */
function forgottenText({ forgotten }: RestoreReport): string {
  if (forgotten.length === 0) return '';
  const what = forgotten.map((one) => FORGOTTEN[one]).join(', ');
  const again = forgotten.includes('revocations') ? '; revoke again what must stay revoked' : '';
  return `${what} since the backup: the zone that is set aside is damaged there${again}`;
}

/** What a restore has done, and what to type next. */
export function renderRestored(session: Look, plan: RestorePlan, report: RestoreReport): Outcome {
  const { zoneHome } = plan.request;
  const fields: readonly (readonly [string, string])[] = [
    ['Zone home', zoneHome],
    ['CA role', doneRoleText(plan)],
    ['CA key', tokenText(plan)],
    ['Set aside', report.aside ?? ''],
    ['Forgotten', forgottenText(report)],
  ];
  const done =
    report.outcome === 'already'
      ? `The zone ${escapeText(plan.manifest.zoneName)} was restored from this backup already.`
      : `The zone ${escapeText(plan.manifest.zoneName)} is restored.`;
  const at = `--zone ${shellWord(zoneHome)}`;
  return {
    json: {
      dryRun: false,
      outcome: report.outcome,
      aside: report.aside,
      forgotten: report.forgotten,
      plan: restorePlanJson(plan),
    },
    text: `${done}\n\n${wrapFields(fields, session.terminal.width)}`,
    diagnostics: [
      `look at it: zmint doctor ${at}`,
      `go on with what was running: zmint ssl resume ${at}`,
    ],
  };
}
