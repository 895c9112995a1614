/** The shells that there is a completion script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** An option as a shell completes it. */
export interface CompletionOption {
  readonly flag: string;
  readonly takesValue: boolean;
  readonly summary: string;
}

/** The words that may follow some words: `ssl` is followed by `remint` and others. */
export interface CompletionNode {
  /** Empty for the first word. */
  readonly words: string;
  readonly next: readonly { readonly word: string; readonly summary: string }[];
  readonly options: readonly CompletionOption[];
}

/** What can be said about all commands. */
export interface Manual {
  /** The page that these words mean; that of all commands for none. Throws `usage`. */
  page(words: readonly string[]): Promise<string>;
  /** Everything that a shell can complete. */
  completion(): Promise<readonly CompletionNode[]>;
}
