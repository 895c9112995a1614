import type { Catalog } from './catalog.js';
import { findCommand, type Found } from './find-command.js';
import { readGlobals, type Line } from './read-globals.js';

/** What has to be loaded to answer a line. */
export type Start =
  /** The line that names the version; nothing else. */
  | { readonly kind: 'version' }
  /** A page of the help, and who makes it where the page as the build made it does not fit. */
  | { readonly kind: 'page'; readonly page: string; readonly part: string }
  /** The part of the program that runs this command, or the frame alone (no name). */
  | { readonly kind: 'part'; readonly part: string };

/** The part of the program without any command: overview, nouns, and what is wrong with a line. */
const FRAME = '';

/**
 * Decides by the same reading of the line that `main` makes, which loads no command. Whatever cannot be
 * answered so early is left to the frame. Never throws.
 */
export function chooseStart(argv: readonly string[], catalog: Catalog): Start {
  try {
    const line = readGlobals(argv);
    const frame: Start = { kind: 'part', part: FRAME };
    if (line.version) return line.globals.json ? frame : { kind: 'version' };
    const found = findCommand(catalog, line.rest);
    if (line.help || found.kind === 'nothing') return pageOf(found, line);
    if (found.kind === 'noun') return frame;
    return found.entry.name === 'help' ? helpOn(found.rest, line, catalog) : partOf(found);
  } catch {
    // The frame reads the line again and tells what is wrong with it.
    return { kind: 'part', part: FRAME };
  }
}

function helpOn(words: readonly string[], line: Line, catalog: Catalog): Start {
  const { dryRun, yes } = line.globals;
  const own: Start = { kind: 'part', part: 'help' };
  if (dryRun || yes || words.some((word) => word.startsWith('-'))) return own;
  try {
    const page = pageOf(findCommand(catalog, words), line);
    return page.kind === 'page' ? { ...page, part: 'help' } : own;
  } catch {
    // The command finds the same mistake, and tells it.
    return own;
  }
}

function pageOf(found: Found, line: Line): Start {
  const { part } = partOf(found);
  const coming = found.kind === 'command' && found.entry.kind === 'coming';
  if (line.globals.json || coming) return { kind: 'part', part };
  return { kind: 'page', page: wordsOf(found), part };
}

function partOf(found: Found): { readonly kind: 'part'; readonly part: string } {
  const ready = found.kind === 'command' && found.entry.kind === 'ready';
  return { kind: 'part', part: ready ? found.entry.name : FRAME };
}

/** The words that a page is found by; none for that of all commands. */
function wordsOf(found: Found): string {
  if (found.kind === 'nothing') return '';
  return found.kind === 'noun' ? found.noun : found.entry.name;
}
