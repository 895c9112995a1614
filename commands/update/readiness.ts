import { defineCommand } from '../cli/command.js';
import { exitStatus } from '../cli/exit-status.js';
import { WAITING_REMINT } from '../ssl/given.js';
import { OPERATION_OPTION } from '../ssl/operation-option.js';
import { isOpen, readinessJson, renderReadiness } from './readiness-view.js';

/** `zmint update readiness`: who has proved the new trust, and who has not. */
export const updateReadiness = defineCommand({
  name: 'update readiness',
  summary: 'show who has proved the new trust, and who has not',
  description:
    'Shows the gate of the operation that runs: members that have proved that they trust the new CA, members that have not, with the reason, and members that were waived by name. A remint of servers alone changes no trust, so nobody is waited for.\nIt ends with 0 when the gate is open and with 14 when members are missing.',
  arguments: {},
  options: { operation: OPERATION_OPTION },
  changes: false,
  statuses: ['no-zone', 'gate-not-satisfied', 'not-found', 'unsafe-path', 'damaged'],
  examples: [
    { line: 'zmint update readiness', shows: 'who is waited for', given: WAITING_REMINT },
    { line: 'zmint update readiness --json', shows: 'the same', given: WAITING_REMINT },
  ],
  async run(session, input) {
    const { readReadiness } = await import('../../src/index.js');
    const statuses = await readReadiness(
      await session.open(),
      input.operation ?? null,
      session.now,
    );
    const open = isOpen(statuses);
    const [first] = statuses.flatMap(({ gate }) => gate.missing);
    return {
      json: () => readinessJson(statuses),
      text: () =>
        renderReadiness(statuses, {
          surface: session.terminal,
          verbose: session.options.verbose,
        }),
      status: open ? 0 : exitStatus('gate-not-satisfied'),
      diagnostics:
        first === undefined ? [] : [`zmint update ignore ${first.member} goes on without one`],
    };
  },
});
