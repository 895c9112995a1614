import { chooseStart } from '../commands/cli/choose-start.js';
import { versionLine } from '../commands/cli/version-line.js';
import { wantsColour } from '../commands/cli/wants-colour.js';
import { REGISTRY } from '../commands/registry.js';
import { descriptorOutput } from './descriptor-output.js';
import type { ProgramParts } from './program-parts.js';
import { tuneCompiler } from './tune-compiler.js';
import { VERSION } from './version.js';

/**
 * Answers what needs no command from what the build has made, or loads the one part of the program
 * that the line needs. The build makes dist/zmint.js of it and of `createProgramParts`; there the
 * registry loads nothing.
 */
export function start(parts: ProgramParts): void {
  const argv = process.argv.slice(2);
  const chosen = chooseStart(argv, REGISTRY);
  const out = descriptorOutput(1);
  if (chosen.kind === 'version') {
    out.write(versionLine(VERSION));
    return;
  }
  // Pages are made for 80 columns without colours.
  const plain = !out.isTerminal && !wantsColour(out, process.env, argv.includes('--no-color'));
  const page = chosen.kind === 'page' && plain ? parts.readPage(chosen.page) : undefined;
  if (page !== undefined) {
    out.write(page);
    return;
  }
  tuneCompiler(chosen.part);
  parts.run(chosen.part);
}
