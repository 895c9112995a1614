import type { JsonDocument, StreamedOutcome } from './command.js';
import { jsonText } from './json-text.js';
import type { Output } from './surroundings.js';

/** Prints a result piece by piece, as text or as the same JSON that `jsonText` makes of the whole. */
export async function printStream(
  schema: string,
  outcome: StreamedOutcome,
  json: boolean,
  out: Output,
): Promise<void> {
  const pieces = json ? jsonPieces(schema, outcome, out.isTerminal) : outcome.pieces();
  for await (const piece of pieces) out.write(piece);
}

async function* jsonPieces(
  schema: string,
  { list, rows }: StreamedOutcome,
  indented: boolean,
): AsyncGenerator<string, void> {
  // The document without rows ends in `]}`, and rows come before that.
  const whole = jsonText({ schema, [list]: [] }, indented);
  const end = whole.lastIndexOf(']');
  let before = whole.slice(0, end);
  let some = false;
  try {
    for await (const batch of rows()) {
      if (batch.length === 0) continue;
      yield before + inner(batch, indented);
      before = ',';
      some = true;
    }
  } catch (error) {
    // The error's own document begins on a line of its own.
    if (some) yield '\n';
    throw error;
  }
  const closed = indented && some ? `\n  ${whole.slice(end)}` : whole.slice(end);
  yield some ? closed : whole;
}

/** Rows as they stand between the brackets of a list that is one level deep. */
function inner(rows: readonly JsonDocument[], indented: boolean): string {
  const text = jsonText(rows, indented).slice(1, -2);
  return indented ? text.trimEnd().replaceAll('\n', '\n  ') : text;
}
