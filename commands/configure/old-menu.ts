import type { Session } from '../cli/session.js';

/** A menu of the old configuration tool: entries by number, some of them marked. */
export interface OldMenu {
  readonly title: string;
  readonly entries: readonly string[];
  /** Positions that are marked at first. */
  readonly marked: readonly number[];
  /** Whether a number takes a mark away and puts it back; otherwise it moves the one mark. */
  readonly many: boolean;
}

/**
 * Shows the menu until Enter is pressed without a number, and returns the marked positions. Throws
 * `question-unanswered` when nobody is there.
 */
export async function askOldMenu(session: Session, menu: OldMenu): Promise<readonly number[]> {
  let marked = menu.marked;
  const last = menu.entries.length;
  for (;;) {
    session.terminal.note(menuText(menu, marked));
    const typed = await session.ask.line('=', {
      plain: true,
      check: (text) => problemOf(text.trim(), last),
    });
    if (typed.trim() === '') return marked;
    marked = toggled(marked, Number(typed) - 1, menu.many);
  }
}

function menuText({ title, entries }: OldMenu, marked: readonly number[]): string {
  const lines = entries.map(
    (entry, at) => `${at + 1}-${marked.includes(at) ? '(*)' : '< >'} ${entry}`,
  );
  return [
    title,
    ...lines,
    '',
    `Enter a value (1 - ${entries.length}) to change the selection state. Pressing the Enter key`,
    'without entering a number finalizes your selections:',
  ].join('\n');
}

function problemOf(text: string, last: number): string | undefined {
  const value = /^\d{1,4}$/u.test(text) ? Number(text) : Number.NaN;
  if (text === '' || (value >= 1 && value <= last)) return undefined;
  return `enter a number from 1 to ${last}, or nothing`;
}

function toggled(marked: readonly number[], at: number, many: boolean): readonly number[] {
  if (!many) return [at];
  return marked.includes(at)
    ? marked.filter((one) => one !== at)
    : [...marked, at].sort((a, b) => a - b);
}
