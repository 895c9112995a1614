import type { Command } from './command.js';

interface EntryFacts {
  /** The words that call it: `ssl remint`. */
  readonly name: string;
  /** The same as the command's own. */
  readonly summary: string;
}

/** A command that exists; its file is loaded when it is called or its help is shown. */
export interface ReadyEntry extends EntryFacts {
  readonly kind: 'ready';
  /** Other names, at the top level. */
  readonly aliases?: readonly string[];
  load(): Promise<Command>;
}

/** Another way to write a command: `ca remint` is `ssl remint --ca`. */
export interface ShortcutEntry extends EntryFacts {
  readonly kind: 'shortcut';
  readonly means: readonly string[];
}

/** A command that a later version will have; calling it fails with `not-available-yet`. */
export interface ComingEntry extends EntryFacts {
  readonly kind: 'coming';
  readonly aliases?: readonly string[];
}

export type Entry = ReadyEntry | ShortcutEntry | ComingEntry;

/** All commands in the order of the help. */
export type Catalog = readonly Entry[];

/** The aliases of an entry, perhaps none. */
export function aliasesOf(entry: Entry): readonly string[] {
  return entry.kind === 'shortcut' ? [] : (entry.aliases ?? []);
}
