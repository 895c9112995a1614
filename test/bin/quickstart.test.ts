import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildProgram, programEnvironment, type BuiltProgram } from '../support/built-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

let program: BuiltProgram;
const started = new Set<Run>();

interface Run {
  readonly pid: number;
  /** Where it makes its folder. */
  readonly temp: string;
  readonly text: () => string;
  readonly ended: Promise<number | null>;
}

/** Runs it in a process group of its own, so that whatever it leaves behind can be found. */
function start(environment: NodeJS.ProcessEnv = {}): Run {
  const temp = temporaryFolder();
  const child = spawn(process.execPath, [program.quickstart], {
    detached: true,
    env: { ...programEnvironment(), TMPDIR: temp, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const run = { pid: child.pid ?? 0, temp, text: () => text, ended };
  started.add(run);
  return run;
}

function groupIsAlive({ pid }: Run): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function told({ text }: Run, words: string): Promise<void> {
  await waitUntil(`the quickstart to say "${words}"`, () => text().includes(words), 40_000);
}

/** Its folder. */
function folderOf({ temp }: Run): string {
  return join(temp, readdirSync(temp)[0] ?? '');
}

/** The numbers of the row of a kind of client: before, during, after, failed. */
function rowOf(text: string, kind: string): readonly number[] {
  const row = new RegExp(`^only the ${kind} root((?: +[\\d,]+){4})$`, 'mu').exec(text)?.[1] ?? '';
  return row
    .trim()
    .split(/ +/u)
    .map((cell) => Number(cell.replaceAll(',', '')));
}

beforeAll(() => {
  program = buildProgram();
});

afterAll(() => {
  for (const run of started) if (groupIsAlive(run)) process.kill(-run.pid, 'SIGKILL');
});

describe('the quickstart', () => {
  let run: Run;
  let status: number | null;

  beforeAll(async () => {
    run = start();
    status = await run.ended;
  });

  test('ends by itself, with nothing failed', () => {
    expect({ status, text: run.text() }).toMatchObject({ status: 0 });
    expect(run.text()).toMatch(/^[\d,]+ handshakes, 0 failed$/mu);
  });

  test.each(['old', 'new'])('counts hundreds of handshakes with only the %s root', (kind) => {
    const [before = 0, during = 0, after = 0, failed] = rowOf(run.text(), kind);
    expect(failed).toBe(0);
    expect(before).toBeGreaterThan(100);
    expect(during).toBeGreaterThan(0);
    expect(after).toBeGreaterThan(100);
  });

  test('says that the key has no passphrase, and each step with its time', () => {
    expect(run.text()).toContain('without a passphrase');
    expect(run.text().match(/^ +\d+\.\d\d s {2}\S/gmu)).toHaveLength(7);
  });

  test('fits 80 columns and has no colours when told so', () => {
    // The folder for temporary files of this test is longer than most are.
    const lines = run.text().replaceAll(run.temp, '/tmp').split('\n');
    const plain = lines.filter((line) => !line.includes('zmint.js'));
    expect(plain.filter((line) => line.length > 80)).toEqual([]);
    expect(run.text()).not.toContain('\u001b');
  });

  test('leaves no process', async () => {
    await waitUntil('every process to end', () => !groupIsAlive(run));
  });

  test('leaves a zone that the commands it names go on with', async () => {
    const zone = join(folderOf(run), 'zone');
    expect(run.text()).toContain(zone);
    const shown = await program.run('status', '--json', '--zone', zone);
    expect(shown.status).toBe(0);
    const retired = await program.run('ssl', 'retire', '--yes', '--json', '--zone', zone);
    expect(JSON.parse(retired.stdout)).toMatchObject({ operation: { phase: 'done' } });
  });
});

test('a handshake that fails makes it fail', async () => {
  const run = start();
  await told(run, 'activated');
  process.kill(Number(readFileSync(join(folderOf(run), 'run/web2.pid'), 'utf8')), 'SIGKILL');
  expect(await run.ended).toBe(1);
  expect(run.text()).toMatch(/handshakes, [1-9][\d,]* failed/u);
  expect(run.text()).toMatch(/^web2\.example\.com, \w+: ECONN/mu);
  await waitUntil('every process to end', () => !groupIsAlive(run));
});

test('Ctrl-C ends it, its servers and its clients, and takes its folder away', async () => {
  const run = start();
  await told(run, 'clients that know only the old root');
  process.kill(-run.pid, 'SIGINT');
  expect(await run.ended).toBe(130);
  await waitUntil('every process to end', () => !groupIsAlive(run));
  expect(readdirSync(run.temp)).toEqual([]);
});

test('its servers and clients end when it is killed', async () => {
  const run = start();
  await told(run, 'clients that know only the old root');
  process.kill(run.pid, 'SIGKILL');
  await run.ended;
  await waitUntil('every process to end', () => !groupIsAlive(run));
});
