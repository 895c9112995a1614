import { runProgram } from './run-program.mjs';

/** A side for `inTurn`: the built zmint with the words of a line; `goal` is for who compares. */
export function zmintSide(line, { program, zone, ...given }) {
  const place = zone === undefined ? [] : ['--zone', zone];
  return {
    name: `zmint ${given.name ?? line}`,
    count: given.count,
    goal: given.goal,
    work: (_round, more) =>
      runProgram([process.execPath, program, ...place, ...line.split(' ')], { ...given, ...more }),
  };
}

/** The yardstick of every start: Node that does nothing. */
export const BARE_NODE = {
  name: 'node -e 0',
  work: (_round, more) => runProgram([process.execPath, '-e', '0'], more),
};
