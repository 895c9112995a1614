import type { ErrorCode } from '../../src/errors.js';
import type { Command } from './command.js';
import { EXIT_STATUSES } from './exit-status.js';

const ALWAYS: readonly ErrorCode[] = ['usage', 'bug', 'interrupted'];

/** The exit statuses of a command with their meanings, ascending; its own come before the common ones. */
export function statusesOf(
  command: Command,
): readonly (readonly [status: number, meaning: string])[] {
  const own = command.ownStatuses ?? [];
  const meanings = new Map<number, string[]>();
  const add = (status: number, meaning: string): void => {
    meanings.set(status, [...(meanings.get(status) ?? []), meaning]);
  };
  if (own.length === 0) add(0, 'done');
  for (const { status, meaning } of own) add(status, meaning);
  for (const code of new Set([...command.statuses, ...ALWAYS])) {
    add(EXIT_STATUSES[code].status, EXIT_STATUSES[code].meaning);
  }
  return [...meanings]
    .sort(([a], [b]) => a - b)
    .map(([status, texts]) => [status, texts.join('; ')] as const);
}
