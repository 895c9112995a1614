import { decideGate } from '../zone/decide-gate.js';
import { decideStanding } from '../zone/decide-standing.js';
import type { Operation } from '../zone/operation.js';
import { memberById, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { OperationStatus } from './operation-status.js';

/**
 * The same as `operationStatus` from a snapshot of the whole zone: for an examination of a zone of
 * which not everything can be read.
 */
export function statusInSnapshot(snapshot: ZoneSnapshot, operation: Operation): OperationStatus {
  const parts = snapshot.parts.get(operation.id) ?? [];
  const gate = decideGate(operation, parts, snapshot.members);
  const planned = parts.filter((part) => part.planned !== null);
  const held = parts.filter((part) => part.held).length;
  return {
    operation,
    standing: decideStanding({ operation, held, gate, now: snapshot.now }),
    gate,
    servers: planned.length,
    switched: planned.filter((part) => part.evidence !== null).length,
    problems: parts.flatMap(({ memberId, problem }) => {
      const member = memberById(snapshot, memberId);
      return problem === null || member === undefined ? [] : [{ member: member.name, problem }];
    }),
  };
}
