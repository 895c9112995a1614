import {
  renderBackup,
  renderInstant,
  type CaMovePlan,
  type CaMoveReport,
} from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';
import type { JsonDocument } from '../cli/command.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { settledMove } from '../ssl/resume-view.js';

const CUSTODY: Readonly<Record<CaMovePlan['custody'], string>> = {
  passphrase: 'locked again with the passphrase of the CA, which is asked for',
  'no-passphrase': 'locked again without a passphrase',
  token: 'stays in its token',
  external: '',
};

const PROOF = 'each key is read back there and signs a test before the role changes';

/** What a move of the CA role is about to do. */
export function renderCaMovePlan(plan: CaMovePlan, width: number): string {
  const { from, to, keys, unfinished, operation } = plan;
  const leftover =
    unfinished === null
      ? ''
      : `a move was interrupted: the copies that it left in ${settledMove(unfinished).removedFrom} go`;
  if (keys.length === 0) {
    const fields = wrapFields([['First', leftover]], width);
    return `Plan: finish the move of the CA role to ${to.name}\n\n${fields}`;
  }
  const travels = keys.some(({ keyUri }) => keyUri === null);
  const fields = wrapFields(
    [
      ['First', leftover],
      ['Keys', keys.map(keyText).join(', ')],
      ['New place', `${plan.toHome}/certificate-authority`],
      ['Custody', travels ? CUSTODY[plan.custody] : CUSTODY.token],
      ['Proof', travels ? PROOF : ''],
      ['Backup', backupText(plan)],
      ['Old copies', `removed from ${plan.fromHome} afterwards`],
      ['Operation', operation === null ? '' : `${operation.id} is ${operation.phase} and goes on`],
    ],
    width,
  );
  return `Plan: move the CA role from ${from.name} to ${to.name}\n\n${fields}`;
}

/** The question behind the plan. */
export function caMoveQuestion({ from, to, keys }: CaMovePlan): string {
  return keys.length === 0
    ? 'Remove what the interrupted move has left?'
    : `Move the CA role from ${from.name} to ${to.name}?`;
}

/** A plan for scripts. */
export function caMovePlanJson(plan: CaMovePlan): JsonDocument {
  return {
    basis: plan.basis,
    from: plan.from.path,
    to: plan.to.path,
    fromHome: plan.fromHome,
    toHome: plan.toHome,
    custody: plan.custody,
    keys: plan.keys.map(({ generation, states, keyUri }) => ({ generation, states, keyUri })),
    backup: {
      standing: plan.backup.standing,
      madeAt: plan.backup.last === null ? null : renderInstant(plan.backup.last.madeAt),
      checked: plan.backupCheck,
    },
    operation: plan.operation?.id ?? null,
    unfinished: plan.unfinished === null ? null : settledMove(plan.unfinished),
  };
}

/** What was done. */
export function renderCaMoved({ plan, moved, stayed }: CaMoveReport): string {
  const { from, to } = plan;
  if (plan.keys.length === 0)
    return `${to.name} holds the CA role; no other copy of its keys is left.`;
  const kept = stayed.map(
    (generation) =>
      `The key of generation ${generation}, which has retired, stays with ${from.name}: it is gone there, or this passphrase does not open it.`,
  );
  const inToken = plan.keys.filter(({ keyUri }) => keyUri !== null);
  const travelled = moved.filter((one) => !inToken.some(({ generation }) => generation === one));
  const proof =
    travelled.length === 0
      ? ''
      : ` ${keysText(travelled)} read back there and signed a test; the copies of ${from.name} are gone.`;
  return [
    `${to.name} holds the CA role now.${proof}`,
    ...inToken.map(({ generation }) => `The key of generation ${generation} stays in its token.`),
    ...kept,
    `Its home: ${escapeText(plan.toHome)}`,
  ].join('\n');
}

function backupText({ backup }: CaMovePlan): string {
  const fact = renderBackup(backup);
  return backup.standing === 'fresh' ? fact : `${fact}; zmint ca backup FILE makes one`;
}

function keyText({ generation, states, keyUri }: CaMovePlan['keys'][number]): string {
  const place = keyUri === null ? '' : ', stays in its token';
  return `generation ${generation} (${[...new Set(states)].join(', ')}${place})`;
}

function keysText(moved: readonly number[]): string {
  return moved.length === 1 ? 'Its key was' : `Its ${moved.length} keys were`;
}
