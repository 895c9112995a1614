import type { Page, ServerLine } from '../../ports/zone-walks.js';
import type { Connection } from './connection.js';
import { DIGEST_COLUMN, requireDigest, sealedText } from './table.js';
import { CERTIFICATES, MEMBERS } from './tables.js';

/**
 * One statement for a page. What is checked is the text of both whole rows; the few cells that a line
 * shows come beside it, from the same row in the same step, which costs less than taking all cells out
 * of the text.
 */
const SELECT = `SELECT ${sealedText(MEMBERS, 'm')}, m.${DIGEST_COLUMN}, m.id, m.name, m.path,
    c.rowid, ${sealedText(CERTIFICATES, 'c')}, c.${DIGEST_COLUMN},
    c.fingerprint, c.not_before, c.not_after, c.spki_sha256
  FROM members m LEFT JOIN certificates c
    ON c.member_id = m.id AND c.state = 'current' AND +c.purpose = 'server'
  WHERE m.path > ? AND m.kind IN ('primary', 'satellite')`;
const ORDER = 'ORDER BY m.path LIMIT ?';

/** What it selects: a row that fits its digest has the cells that it was written with. */
type Cells = readonly [
  text: string,
  digest: string,
  id: string,
  name: string,
  path: string,
  certificate: number | null,
  certificateText: string,
  certificateDigest: string,
  fingerprint: string,
  notBefore: number,
  notAfter: number,
  spkiSha256: string,
];

/**
 * Reads a page of servers with their current certificates and checks both rows. Throws `damaged`.
 *
 * @param last - none behind this path
 */
export function readServerLines(
  connection: Connection,
  { after, limit }: Page<string>,
  last: string | null = null,
): readonly ServerLine[] {
  const behind = after ?? '';
  const rows = (
    last === null
      ? connection.all(`${SELECT} ${ORDER}`, [behind, limit])
      : connection.all(`${SELECT} AND m.path <= ? ${ORDER}`, [behind, last, limit])
  ) as readonly unknown[];
  return (rows as readonly Cells[]).map((cells) => {
    requireDigest(MEMBERS, cells[0], cells[1]);
    return { id: cells[2], name: cells[3], path: cells[4], current: currentOf(cells) };
  });
}

function currentOf(cells: Cells): ServerLine['current'] {
  if (cells[5] === null) return null;
  requireDigest(CERTIFICATES, cells[6], cells[7]);
  return {
    fingerprint: cells[8],
    notBefore: cells[9],
    notAfter: cells[10],
    spkiSha256: cells[11],
  };
}
