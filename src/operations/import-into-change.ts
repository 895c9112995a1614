import { ZmintError } from '../errors.js';
import type { ActivationDecision } from '../zone/decide-activation.js';
import type { Member } from '../zone/member.js';
import type { Operation } from '../zone/operation.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { ImportRequest } from './import-plan.js';

/**
 * When certificates that are imported into a change of the CA are activated: with it. Throws `usage`
 * when another instant was asked for, `operation-pending` for a server that has no part in it.
 */
export function importIntoChange(
  snapshot: ZoneSnapshot,
  operation: Operation,
  given: { readonly request: ImportRequest; readonly members: readonly Member[] },
): ActivationDecision {
  const { request, members } = given;
  const { id, activation, deadline } = operation;
  if (!request.put && request.activateAt.when !== 'ready') {
    throw new ZmintError('usage', `the certificates are activated with ${id}, not by themselves`, {
      hint: 'leave --activate-at out',
    });
  }
  const parts = new Set((snapshot.parts.get(id) ?? []).map(({ memberId }) => memberId));
  const outsider = members.find((member) => !parts.has(member.id));
  if (outsider !== undefined) {
    const fact = `${outsider.name} was added after ${id}, a change of the CA, had begun`;
    throw new ZmintError('operation-pending', fact, {
      hint: 'import its certificate when the new CA is active',
      details: { operation: id, phase: operation.phase },
    });
  }
  return { activation, immediate: false, deadline };
}
