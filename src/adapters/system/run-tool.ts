import { spawn } from 'node:child_process';
import process from 'node:process';
import { ZmintError } from '../../errors.js';
import { errnoOf } from '../fs/file-error.js';
import { OutputTail } from './output-tail.js';
import { serviceEnvironment } from './service-environment.js';

/** A program of the system, and the package that brings it. */
export interface Tool {
  readonly name: string;
  readonly package: string;
}

const LIMIT_MS = 120_000;
const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * Runs a program without a shell, with nothing on standard input and no terminal, and returns what
 * it wrote to standard output. Throws `not-found` when it is not installed, `storage` with its last
 * words when it fails or takes longer than two minutes.
 */
export async function runTool(tool: Tool, args: readonly string[]): Promise<string> {
  const child = spawn(tool.name, args, {
    cwd: '/',
    env: { ...serviceEnvironment(process.env), LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: it cannot ask anybody at a terminal.
    detached: true,
  });
  // Not the option of spawn: its clock goes on when the program could not be started.
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const tail = new OutputTail();
  const printed: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_OUTPUT) printed.push(chunk);
    tail.add(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    tail.add(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => {
      reject(errnoOf(error) === 'ENOENT' ? notInstalled(tool) : error);
    });
    child.once('close', resolve);
  }).finally(() => {
    clearTimeout(timer);
  });
  if (code === 0) return Buffer.concat(printed).toString('utf8');
  throw new ZmintError('storage', `${tool.name} failed: ${lastLine(tail.text())}`, {
    hint: `${tool.name} ${args.join(' ')}`,
    details: { exitCode: code, output: tail.text() },
  });
}

function notInstalled(tool: Tool): ZmintError {
  return new ZmintError('not-found', `${tool.name} is not installed here`, {
    hint: `apt-get install ${tool.package}`,
  });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? 'it said nothing';
}
