import { spawn } from 'node:child_process';

/** What a run of the program came to: its exit status, and what it said. */
export interface SyncAnswer {
  readonly status: number;
  readonly said: string;
}

/** A small process that runs `PROGRAM -f PLACE` as often as it is asked to. */
export interface SyncHelper {
  /**
   * Runs the program for one place, which has no control characters, and waits for its end; what is
   * asked for meanwhile comes next. Rejects when the helper itself fails: then nothing is known of
   * the sync.
   */
  sync(place: string): Promise<SyncAnswer>;
  /** Whether it has failed, or was not asked for a while: then another one is started when needed. */
  hasEnded(): boolean;
}

/**
 * One place a line; for each an answer: status, space, what was said, NUL. The signals of a terminal
 * are for who asks, who may still have something to sync when they come; at the end of the input it
 * ends.
 */
const SCRIPT = `trap '' INT QUIT TERM HUP
while IFS= read -r place; do
  said=$("$0" -f "$place" 2>&1 </dev/null)
  printf '%s %s\\0' "$?" "$said"
done`;

/** After so long without a question it ends. */
const IDLE_MILLISECONDS = 2000;

/** What this process waits for before it ends, unless told otherwise. */
interface Held {
  ref(): void;
  unref(): void;
}

interface Waiting {
  readonly resolve: (answer: SyncAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts a helper: a shell, which makes a process in a moment, where a large process takes some
 * milliseconds and goes on slowly for a while, as all of its memory is shared first and copied then.
 * It keeps no process alive that has nothing else to do.
 *
 * @param idle - after so many milliseconds without a question it ends
 */
export function startSyncHelper(program: string, idle = IDLE_MILLISECONDS): SyncHelper {
  const waiting: Waiting[] = [];
  let ended = false;
  let text = Buffer.alloc(0);
  const child = spawn('/bin/sh', ['-c', SCRIPT, program], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // What the types do not say: pipes to a process keep this one alive, or not, as it does itself.
  const held = [child, child.stdin, child.stdout] as unknown as readonly Held[];
  const rest = setTimeout(() => {
    // A sync may take longer; then this is set again by its answer.
    if (waiting.length > 0) return;
    ended = true;
    child.stdin.end();
  }, idle);
  rest.unref();
  const fail = (error: unknown): void => {
    ended = true;
    clearTimeout(rest);
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on('error', fail);
  child.stdin.on('error', fail);
  child.on('close', (status, signal) => {
    fail(new Error(`the shell that runs ${program} ended (${signal ?? String(status)})`));
  });
  child.stdout.on('data', (more: Buffer) => {
    text = Buffer.concat([text, more]);
    for (let end = text.indexOf(0); end >= 0; end = text.indexOf(0)) {
      const answer = readAnswer(text.toString('utf8', 0, end));
      text = text.subarray(end + 1);
      waiting.shift()?.resolve(answer);
    }
    if (waiting.length > 0) return;
    for (const one of held) one.unref();
    rest.refresh();
  });
  for (const one of held) one.unref();
  return {
    hasEnded: () => ended,
    sync: (place) =>
      new Promise((resolve, reject) => {
        if (ended) throw new Error(`the shell that ran ${program} has ended`);
        for (const one of held) one.ref();
        waiting.push({ resolve, reject });
        child.stdin.write(`${place}\n`);
      }),
  };
}

/** What does not begin with a status is no success. */
function readAnswer(text: string): SyncAnswer {
  const [, status, said = ''] = /^(\d+) (.*)$/su.exec(text) ?? [];
  return status === undefined
    ? { status: 1, said: `a strange answer: ${text}` }
    : { status: Number(status), said };
}
