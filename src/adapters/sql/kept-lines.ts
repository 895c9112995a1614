import { hash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import { SHOWN_DIGITS, type ShortLines } from '../../ports/server-lines.js';
import type { ServerLine } from '../../ports/zone-walks.js';
import type { Connection } from './connection.js';
import { readServerLines } from './server-lines.js';

/** Servers on a page: few enough to be made again in some milliseconds when one of them changes. */
const PAGE = 500;

const FIND = 'SELECT last, digest, content FROM kept_lines WHERE behind = ?';
const NEXT = 'SELECT min(behind) FROM kept_lines WHERE behind > ?';
const PUT = `INSERT INTO kept_lines (behind, last, digest, content) VALUES (?, ?, ?, ?)
  ON CONFLICT (behind) DO UPDATE SET
    last = excluded.last, digest = excluded.digest, content = excluded.content`;

/** What stands in a page. */
interface Content {
  readonly last: string | null;
  readonly text: string;
}

/**
 * The servers behind this path, '' for all: a page that was kept, and fits its digest, or as many as a
 * page has from their rows. Throws `damaged` for a row that was altered.
 */
export function readShortLines(connection: Connection, behind: string): ShortLines {
  const [last, digest, text] = connection.first(FIND, [behind]) ?? [];
  if (typeof text === 'string' && (last === null || typeof last === 'string')) {
    const content = { last, text };
    if (digestOf(behind, content) === digest) return unpack(content);
  }
  return unpack(makePage(connection, behind, PAGE));
}

/**
 * Keeps the pages that are missing, all or none of them. Throws `damaged` for a row that was altered,
 * `storage` when the disk refuses; then nothing is changed.
 *
 * @param size - servers on a page at most
 */
export function keepLines(connection: Connection, size = PAGE): void {
  const start = firstMissing(connection, '');
  if (start === null) return;
  connection.transaction(() => {
    for (let behind: string | null = start; behind !== null;) {
      const page = makePage(connection, behind, size);
      connection.run(PUT, [behind, page.last, digestOf(behind, page), page.text]);
      behind = page.last === null ? null : firstMissing(connection, page.last);
    }
  });
}

/**
 * The paths behind which pages were kept that are not what the rows say; pages of rows that were
 * altered themselves are left out, as those are found where they stand.
 */
export function* findWrongLines(connection: Connection): Generator<string, void> {
  for (const [behind] of connection.all('SELECT behind FROM kept_lines ORDER BY behind')) {
    if (!isPageRight(connection, String(behind))) yield String(behind);
  }
}

function isPageRight(connection: Connection, behind: string): boolean {
  const [last, digest, text] = connection.first(FIND, [behind]) ?? [];
  const bound = typeof last === 'string' ? last : null;
  if (digestOf(behind, { last: bound, text: String(text) }) !== digest) return false;
  try {
    const lines = readServerLines(connection, { after: behind, limit: PAGE + 1 }, bound);
    return pack(lines) === text;
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'damaged') return true;
    throw error;
  }
}

/** Where the first page is missing that follows on this path; null: they are all there. */
function firstMissing(connection: Connection, from: string): string | null {
  for (let behind = from; ;) {
    const found = connection.first('SELECT last FROM kept_lines WHERE behind = ?', [behind]);
    if (found === undefined) return behind;
    const [last] = found;
    if (typeof last !== 'string') return null;
    behind = last;
  }
}

/** Ends where the next kept page begins, or when it is full. */
function makePage(connection: Connection, behind: string, size: number): Content {
  const [next] = connection.first(NEXT, [behind]) ?? [];
  const bound = typeof next === 'string' ? next : null;
  const lines = readServerLines(connection, { after: behind, limit: size }, bound);
  const last = lines.length < size ? bound : (lines.at(-1)?.path ?? null);
  return { last, text: pack(lines) };
}

/** Bounds are under the digest too: moved ones would hide servers. */
function digestOf(behind: string, { last, text }: Content): string {
  return hash('sha256', JSON.stringify(['kept_lines', behind, last, text]), 'hex');
}

/** A run: both times, null for no certificate; the width of the names; the lines. */
type Packed = readonly [notBefore: number | null, notAfter: number | null, number, string];

function pack(lines: readonly ServerLine[]): string {
  const runs: ServerLine[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.[0] !== undefined && isAlike(run[0], line)) run.push(line);
    else runs.push([line]);
  }
  return JSON.stringify(runs.map(packRun));
}

function isAlike({ current: one }: ServerLine, { current: other }: ServerLine): boolean {
  return one?.notBefore === other?.notBefore && one?.notAfter === other?.notAfter;
}

function packRun(run: readonly ServerLine[]): Packed {
  const width = run.reduce((most, { name }) => Math.max(most, name.length), 0);
  const lines = run.map(({ name, current }) => {
    const digits = current?.fingerprint.slice(0, SHOWN_DIGITS) ?? '';
    return `${name.padEnd(width)}\t${digits}\n`;
  });
  const current = run[0]?.current;
  return [current?.notBefore ?? null, current?.notAfter ?? null, width, lines.join('')];
}

function unpack({ last, text }: Content): ShortLines {
  const packed = JSON.parse(text) as readonly Packed[];
  const runs = packed.map(([notBefore, notAfter, width, lines]) => {
    const life = notBefore === null || notAfter === null ? null : { notBefore, notAfter };
    return { life, width, lines };
  });
  return { runs, last };
}
