import type { CertificateDigests } from '../src/index.js';
import { labelledLines } from './cli/labelled-lines.js';
import type { Surface } from './cli/table.js';

/** The three fingerprints, each whole on a line of its own even at 80 columns. */
export function digestLines({ md5, sha1, sha256 }: CertificateDigests, surface: Surface): string {
  return labelledLines(
    [
      ['MD5', [md5]],
      ['SHA-1', [sha1]],
      ['SHA-256', [sha256]],
    ],
    surface,
  );
}
