import type { Catalog } from '../commands/cli/catalog.js';
import { main } from '../commands/cli/main.js';
import { createSurroundings } from './surroundings.js';

/** Runs the line that this process was called with, and ends it with the exit status. */
export async function runProgram(catalog: Catalog): Promise<void> {
  process.exit(await main(process.argv.slice(2), createSurroundings(), catalog));
}
