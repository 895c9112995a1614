import { keepsTrust } from '../zone/ca-change.js';
import { counted, fine, notice, problem, type Remark } from '../zone/finding.js';
import { renderInstant } from '../zone/instant.js';
import type { Examined } from './examined.js';
import { statusInSnapshot } from './status-in-snapshot.js';
import type { OperationStatus } from './operation-status.js';

/** Operations that were interrupted, that failed on members, or that wait for somebody. */
export function examineOperations({ snapshot, writer }: Examined): Promise<readonly Remark[]> {
  const statuses = snapshot.pending.map((operation) => statusInSnapshot(snapshot, operation));
  const busy = writer !== undefined && !(writer instanceof Error);
  const remarks = statuses.flatMap((status) => [
    ...standingRemarks(status, busy),
    ...problemRemarks(status),
  ]);
  const first = [...snapshot.sets.values()]
    .flat()
    .filter((set) => set.purpose === 'first' && set.state === 'ready');
  if (first.length > 0) {
    const message = `${counted(first.length, 'server')} not added to the end`;
    remarks.push(problem('partial', message, 'zmint ssl resume'));
  }
  return Promise.resolve(remarks.length > 0 ? remarks : [fine('none is running')]);
}

function standingRemarks(status: OperationStatus, busy: boolean): readonly Remark[] {
  const { operation, standing, gate } = status;
  const { id } = operation;
  switch (standing) {
    case 'interrupted':
      return [interruptedRemark(operation, busy)];
    case 'waits-for-instant':
      return [notice(`${id} waits for its instant${instantWords(operation)}`)];
    case 'waits-for-gate': {
      const message = `${id} waits for ${counted(gate.totals.missing, 'member')} to prove the new trust`;
      return [notice(message, 'zmint update readiness')];
    }
    case 'waits-for-person':
      return [notice(`${id} was rolled back and waits for a person`, 'zmint ssl activate')];
    case 'due':
      return [notice(`${id} can be activated: its time has come`, 'zmint ssl resume')];
    case 'switching':
      return [
        problem('partial', `${id} has servers that are not switched yet`, 'zmint ssl resume'),
      ];
    case 'waits-for-retire':
      return [retireRemark(status)];
    case 'ended':
      return [];
  }
}

function interruptedRemark({ id, phase }: OperationStatus['operation'], busy: boolean): Remark {
  return busy
    ? notice(`${id} is ${phase}: a command is at it`)
    : problem('partial', `${id} was interrupted while ${phase}`, 'zmint ssl resume');
}

function retireRemark({ operation, gate }: OperationStatus): Remark {
  const mend = gate.totals.missing > 0 ? 'zmint update readiness' : 'zmint ssl retire';
  const left = keepsTrust(operation.plannedAuthority?.origin)
    ? 'CA is not retired yet'
    : 'root is still trusted';
  return notice(`${operation.id} is active; the old ${left}`, mend);
}

function instantWords({ activation }: OperationStatus['operation']): string {
  return activation.when === 'at' ? `, ${renderInstant(activation.instant)}` : '';
}

function problemRemarks({ operation, problems }: OperationStatus): readonly Remark[] {
  return problems.map((one) =>
    problem(
      'partial',
      `${operation.id} failed on ${one.member}: ${one.problem.message}`,
      `mend that, then zmint ssl resume (zmint ssl verify ${one.member} looks again)`,
    ),
  );
}
