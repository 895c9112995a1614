/** Colours and weights by meaning; each takes text and returns it, dressed or as it was. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

const same = (text: string): string => text;

/** No colour at all: a file, a pipe, `NO_COLOR`, `--no-color`. */
export const PLAIN: Style = { strong: same, faint: same, good: same, warning: same, bad: same };

/** The colours of chalk, which is loaded only when there is something to colour. */
export async function loadColours(): Promise<Style> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    warning: (text) => chalk.yellow(text),
    bad: (text) => chalk.red(text),
  };
}
