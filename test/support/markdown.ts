import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block: what stands behind the fence, its text, and the line of the fence. */
export interface Fence {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

/** A page of the documentation, taken apart. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly fences: readonly Fence[];
  /** What stands between backticks outside of fences. */
  readonly spans: readonly string[];
  /** Where links lead, as written. */
  readonly links: readonly string[];
  /** What a link can lead to behind `#`. */
  readonly anchors: readonly string[];
}

const FENCE = /^```(.*)\n([\s\S]*?)^```$/gmu;

/** Reads one page. */
export function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8');
  const fences = [...text.matchAll(FENCE)].map((match) => ({
    info: match[1] ?? '',
    text: match[2] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
  const prose = text.replace(FENCE, '');
  return {
    file,
    fences,
    spans: all(prose, /`([^`\n]+)`/gu),
    links: all(prose, /\]\(([^)\s]+)\)/gu),
    anchors: all(prose, /^#+ (.+)$/gmu).map(anchorOf),
  };
}

/** The pages of a folder and the folders in it. */
export function listPages(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function all(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** As forges make it: lower case, no punctuation, hyphens for spaces. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
