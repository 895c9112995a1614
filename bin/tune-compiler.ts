/** Commands that do the same for thousands of servers, in a few seconds for each thousand. */
const IN_BULK: ReadonlySet<string> = new Set([
  'ssl remint',
  'ssl activate',
  'ssl rollback',
  'server add',
]);

/**
 * So much must a function have run before V8 compiles it for speed, about eight times of what V8
 * thinks right. Left to itself V8 spends a quarter of a remint of 1,000 servers on compiling what
 * has no time left to be quick.
 */
const BUDGET = '--interrupt-budget=1000000';

/**
 * Sets V8 up for a command, before any of its code is loaded: compiled code is kept for the flags
 * that it was made under. To load what sets flags takes some milliseconds, so that it is not done
 * for commands that are over in a moment.
 */
export function tuneCompiler(command: string): void {
  if (IN_BULK.has(command)) process.getBuiltinModule('node:v8').setFlagsFromString(BUDGET);
}
