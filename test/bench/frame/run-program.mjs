import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Bash runs the program, since Node does not tell what a child has cost: `time` sees the program
 * and all that it waited for, to the millisecond, and nothing of Bash's own start. The figures
 * leave on descriptor 3, what the program says on 4.
 */
const TIMED = [
  "TIMEFORMAT='%3U %3S'",
  'began=$EPOCHREALTIME',
  '{ time "$@" 2>&4 3>&- 4>&-; } 2>&3',
  'status=$?',
  'echo "$began $EPOCHREALTIME" >&3',
  'exit $status',
].join('\n');
const SAMPLE_MS = 10;

/** The environment of every timed program: NODE_EXTRA_CA_CERTS would triple the start of Node. */
export function timedEnvironment(more = {}) {
  const { NODE_EXTRA_CA_CERTS: _unused, ZMINT_ZONE: _zone, ...env } = process.env;
  return { ...env, ...more };
}

/**
 * Runs a program and says what it cost: `wall` and `cpu` (user and system, it and what it waited
 * for) in seconds; with `memory`, also `peak`, the most bytes resident in one process of its tree,
 * by samples of VmHWM. Its standard output is thrown away. Throws when its exit status is none of
 * `statuses`.
 */
export async function runProgram(command, given = {}) {
  const { cwd, env = timedEnvironment(), memory = false, statuses = [0] } = given;
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
  });
  const peak = memory ? watchPeak(child.pid) : undefined;
  const [figures, said, status] = await Promise.all([
    textOf(child.stdio[3]),
    textOf(child.stdio[4]),
    new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  ]);
  const peakBytes = peak?.stop();
  if (!statuses.includes(status)) {
    const [line] = command.join(' ').split('\n');
    throw new Error(`${line}: exit status ${status}\n${said.slice(-2000)}`);
  }
  const [user, system, began, ended] = figures.trim().split(/\s+/u).map(Number);
  return { wall: ended - began, cpu: user + system, peak: peakBytes, status };
}

/**
 * Looks at the tree below a process again and again; VmHWM only grows, so nothing in between is
 * missed.
 */
function watchPeak(pid) {
  let peak = 0;
  const look = () => {
    for (const each of descendants(pid)) peak = Math.max(peak, highWater(each));
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function descendants(pid) {
  const children = readOrEmpty(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function highWater(pid) {
  return Number(/VmHWM:\s+(\d+) kB/u.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** A process may end while it is looked at. */
function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}
