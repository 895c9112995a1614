import { REGISTRY } from '../../commands/registry.js';
import { main } from '../../commands/cli/main.js';
import { createSurroundings } from '../../bin/surroundings.js';
import { FakeOutput } from './fake-surroundings.js';

/** What a command line printed, and how it ended. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process with the real adapters; nobody is at a terminal. */
export async function runZmint(...argv: readonly string[]): Promise<Ran> {
  const out = new FakeOutput();
  const err = new FakeOutput();
  const surroundings = { ...createSurroundings(), stdinIsTerminal: false, out, err };
  const status = await main(argv, surroundings, REGISTRY);
  return { status, out: out.text, err: err.text };
}
