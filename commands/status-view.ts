import {
  daysLeft,
  parseKeyUri,
  renderBackup,
  renderDaysLeft,
  renderMoment,
  tokenName,
  type LinkDifference,
  type OffsetAt,
  type OperationStatus,
  type ZoneStatus,
} from '../src/index.js';
import { crlLines } from './ca/crl-standing-view.js';
import { escapeText } from './cli/escape-text.js';
import { labelledLines, type LabelledLines } from './cli/labelled-lines.js';
import { counted, cutList } from './cli/list-cut.js';
import { localMinute, renderDistance } from './cli/moments.js';
import type { Cell, Surface } from './cli/table.js';
import { STANDING_WORDS } from './ssl/certificate-words.js';

/** How much of the zone is shown, and where. */
export interface StatusViewOptions {
  readonly surface: Surface;
  readonly verbose: boolean;
  readonly offsetAt: OffsetAt;
}

/** The zone at a glance, the next thing to type at its end. */
export function renderStatus(status: ZoneStatus, options: StatusViewOptions): string {
  const { surface } = options;
  const head = `${surface.style.strong(`Zone ${escapeText(status.zone.name)}`)} in ${escapeText(status.zoneHome)}\n\n`;
  const operations = status.operations.map((operation): LabelledLines => [
    operation.operation.id,
    operationLines(operation, status, options),
  ]);
  const blocks: readonly LabelledLines[] = [
    ['CA', authorityLines(status, options)],
    ['Revocation', crlLines(status.crls, status.now, surface)],
    ['Servers', serverLines(status, options)],
    ['Devices', [String(status.devices)]],
    ...operations,
    ['Backup', backupLines(status, surface)],
    ['Last', lastLines(status, options)],
    ['On disk', linkLines(status, options)],
    ['Next', nextLines(status, surface)],
  ];
  return head + labelledLines(blocks, surface);
}

function authorityLines(status: ZoneStatus, options: StatusViewOptions): readonly Cell[] {
  const { authority, now, others, zone } = status;
  const { style } = options.surface;
  if (authority === null && status.awaited === null)
    return [{ text: 'this zone has no CA of its own', dress: style.warning }];
  const waiting = awaitedLines(status, style.warning);
  if (authority === null) return waiting;
  const ends = authority.certificate.notAfter;
  const days = daysLeft(ends, now);
  const verb = now > ends ? 'expired' : 'expires';
  const dress = days > 90 ? style.good : days > 5 ? style.warning : style.bad;
  const server = authority.server === null ? '' : `, on ${authority.server.name}`;
  return [
    `${authority.certificate.subject}, generation ${authority.authority.generation}${server}`,
    {
      text: `${verb} ${renderDaysLeft(ends, now)}, ${renderMoment(ends, options.offsetAt)}`,
      dress,
    },
    ...custodyLines(authority, zone, style.warning),
    ...others.map(({ generation, state }) => `generation ${generation} is ${state}`),
    ...waiting,
  ];
}

function custodyLines(
  { server, keyUri }: NonNullable<ZoneStatus['authority']>,
  zone: ZoneStatus['zone'],
  warning: (text: string) => string,
): readonly Cell[] {
  if (keyUri !== null) return [`its key is in the token ${tokenName(parseKeyUri(keyUri).uri)}`];
  if (zone.custody !== 'no-passphrase' || server === null) return [];
  return [{ text: 'its key is locked without a passphrase', dress: warning }];
}

function awaitedLines({ awaited }: ZoneStatus, dress: (text: string) => string): readonly Cell[] {
  if (awaited === null) return [];
  const { generation, subject } = awaited;
  const text = `generation ${generation}, ${escapeText(subject)}, waits for its certificate from the CA above it`;
  return [{ text, dress }];
}

function serverLines(status: ZoneStatus, options: StatusViewOptions): readonly Cell[] {
  const { servers, now } = status;
  const { style } = options.surface;
  const { active, expired, notYetValid, without, ending, future, soonest } = servers;
  const parts = [
    `${active} active`,
    ...(expired > 0 ? [`${expired} expired`] : []),
    ...(notYetValid > 0 ? [`${notYetValid} not yet valid`] : []),
    ...(without > 0 ? [`${without} without a certificate`] : []),
    ...(future > 0 ? [`${future} with a future certificate`] : []),
  ];
  const lines: Cell[] = [
    {
      text: `${servers.total}: ${parts.join(', ')}`,
      dress: expired + notYetValid > 0 ? style.bad : (text) => text,
    },
  ];
  if (soonest !== null) {
    const verb = now > soonest.ends ? 'expired' : 'expires';
    const when = localMinute(soonest.ends, options.offsetAt);
    lines.push(`first: ${soonest.name} ${verb} ${renderDaysLeft(soonest.ends, now)}, ${when}`);
  }
  if (ending > 0)
    lines.push({
      text: `${counted(ending, 'certificate')} to expire within 30 days`,
      dress: style.warning,
    });
  return lines;
}

function operationLines(
  status: OperationStatus,
  zone: ZoneStatus,
  options: StatusViewOptions,
): readonly Cell[] {
  const { operation, standing, gate, problems } = status;
  const { style } = options.surface;
  const lines: Cell[] = [
    operation.updateName,
    `${operation.phase}: ${STANDING_WORDS[standing]}`,
    ...activationLines(status, zone, options),
  ];
  if (operation.kind === 'ca-remint') {
    const { ready, missing, waived } = gate.totals;
    lines.push(
      `new trust: ${counted(ready, 'member')} ready, ${missing} not ready, ${waived} waived`,
    );
  }
  lines.push(
    `new certificates: ${status.switched} of ${counted(status.servers, 'server')} serve them`,
  );
  const { shown, left } = cutList(problems, options.verbose);
  for (const { member, problem } of shown)
    lines.push({ text: `${member}: ${problem.message}`, dress: style.bad });
  if (left > 0) lines.push(`and ${left} more problems (--verbose shows all)`);
  return lines;
}

function activationLines(
  { operation, standing }: OperationStatus,
  { now }: ZoneStatus,
  options: StatusViewOptions,
): readonly Cell[] {
  const { activation, deadline } = operation;
  const waits = standing.startsWith('waits-for') && standing !== 'waits-for-retire';
  if (!waits && standing !== 'due') return [];
  if (activation.when === 'at') {
    const distance = renderDistance(activation.instant, now);
    return [`activation ${distance}: ${renderMoment(activation.instant, options.offsetAt)}`];
  }
  if (activation.when === 'held' || deadline === null) return [];
  return [
    `activation as soon as every member trusts the new CA, at the latest ${renderMoment(deadline, options.offsetAt)}`,
  ];
}

function backupLines({ backup }: ZoneStatus, { style }: Surface): readonly Cell[] {
  if (backup === null)
    return [{ text: 'the settings cannot be read: zmint doctor', dress: style.bad }];
  const { standing, last } = backup;
  if (standing === 'no-key' && last === null) return [];
  const text = renderBackup(backup);
  return [standing === 'fresh' || standing === 'no-key' ? text : { text, dress: style.warning }];
}

function lastLines(
  { lastOperation, now }: ZoneStatus,
  options: StatusViewOptions,
): readonly Cell[] {
  if (lastOperation === null) return [];
  const { id, updateName, phase, endedAt } = lastOperation;
  const when = endedAt === null ? '' : ` ${renderDistance(Math.min(endedAt, now), now)}`;
  const at = endedAt === null ? '' : `, ${localMinute(endedAt, options.offsetAt)}`;
  return [`${id}, ${updateName}: ${phase}${when}${at}`];
}

function linkLines({ links }: ZoneStatus, options: StatusViewOptions): readonly Cell[] {
  const { style } = options.surface;
  const { shown, left } = cutList(links.differences, options.verbose);
  const partly =
    links.looked < links.reachable
      ? [
          `looked at ${links.looked} of ${counted(links.reachable, 'home')}; zmint doctor looks at all`,
        ]
      : [];
  return [
    ...shown.map((difference) => ({ text: differenceWords(difference), dress: style.bad })),
    ...(left > 0 ? [`and ${left} more (--verbose shows all)`] : []),
    ...partly,
  ];
}

function differenceWords({ member, recorded, observed, error }: LinkDifference): string {
  if (error !== null) return `${member}: ${error.message}`;
  const seen = observed === null ? 'has no live set' : `has generation ${observed} live`;
  const known = recorded === null ? 'none' : `generation ${recorded}`;
  return `${member} ${seen}, recorded is ${known}`;
}

function nextLines({ next, operations }: ZoneStatus, { style }: Surface): readonly Cell[] {
  if (next !== null) return [{ text: next.command, dress: style.strong }, next.reason];
  return operations.length === 0
    ? ['nothing to do']
    : ['nothing to do but to wait; cron runs zmint ssl resume'];
}
