import { hash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { AuditEvent } from '../../zone/audit-event.js';
import { verifyEvents, type EventFault } from '../../zone/verify-events.js';
import type { Connection } from './connection.js';
import { findWrongLines } from './kept-lines.js';
import { selectSealed } from './rows.js';
import { findSchemaDamage } from './schema.js';
import { describeRow, openRow, type Table } from './table.js';
import {
  ADMINISTRATORS,
  ANCHORS,
  AUTHORITIES,
  AUTHORITY_PARENTS,
  AUTHORITY_REQUESTS,
  BACKUPS,
  CA_MOVES,
  CERTIFICATES,
  CRL_ISSUERS,
  DEPARTED_TABLE,
  DER_TABLE,
  EVENTS,
  MEMBERS,
  OPERATION_MEMBERS,
  OPERATIONS,
  REQUESTS,
  RESERVATIONS,
  REVOCATIONS,
  SETS,
  TOKEN_KEYS,
  ZONE,
} from './tables.js';

type Look = (connection: Connection) => Iterable<string>;

const LOOKS: readonly (readonly [what: string, look: Look])[] = [
  ['pages', findBadPages],
  ['tables', findSchemaDamage],
  ['zone', lookAt(ZONE)],
  ['members', lookAt(MEMBERS)],
  ['authorities', lookAt(AUTHORITIES)],
  ['authority_parents', lookAt(AUTHORITY_PARENTS)],
  ['authority_requests', lookAt(AUTHORITY_REQUESTS)],
  ['certificates', lookAt(CERTIFICATES)],
  ['certificate_der', findBadDer],
  ['serial_reservations', lookAt(RESERVATIONS)],
  ['member_sets', lookAt(SETS)],
  ['operations', lookAt(OPERATIONS)],
  ['operation_members', lookAt(OPERATION_MEMBERS)],
  ['trust_anchors', lookAt(ANCHORS)],
  ['certificate_requests', lookAt(REQUESTS)],
  ['token_keys', lookAt(TOKEN_KEYS)],
  ['verified_backups', lookAt(BACKUPS)],
  ['ca_moves', lookAt(CA_MOVES)],
  ['administrators', lookAt(ADMINISTRATORS)],
  ['revocations', lookAt(REVOCATIONS)],
  ['crl_issuers', lookAt(CRL_ISSUERS)],
  ['kept_lines', findAlteredLines],
  ['references', findMissing],
  ['audit_events', findBrokenChain],
];

const FAULTS: Readonly<Record<EventFault, string>> = {
  gap: 'is missing',
  unlinked: 'does not follow the one before it',
  altered: 'has been altered',
};

/**
 * Everything in one state of the database that is not as it was written: pages that SQLite finds
 * wrong, altered tables, rows that do not fit their digests, missing rows, a broken chain of
 * events. What cannot be read is a finding too.
 */
export function findDamage(connection: Connection): readonly string[] {
  return connection.snapshot(() =>
    LOOKS.flatMap(([what, look]) => findings(what, look, connection)),
  );
}

function findings(what: string, look: Look, connection: Connection): readonly string[] {
  const found: string[] = [];
  try {
    for (const one of look(connection)) found.push(one);
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    found.push(`${what}: ${error.message}`);
  }
  return found;
}

function findBadPages(connection: Connection): readonly string[] {
  const lines = connection.pragma('integrity_check').map((row) => String(row.integrity_check));
  return lines.filter((line) => line !== 'ok').map((line) => `SQLite: ${line}`);
}

function lookAt<Row>(table: Table<Row>): Look {
  return function* (connection) {
    for (const cells of connection.each(selectSealed(table))) {
      try {
        openRow(table, cells);
      } catch (error) {
        if (!(error instanceof ZmintError)) throw error;
        yield `${describeRow(table, cells)}: ${error.message}`;
      }
    }
  };
}

function* findBadDer(connection: Connection): Generator<string, void> {
  for (const [fingerprint, der] of connection.each(`SELECT fingerprint, der FROM ${DER_TABLE}`)) {
    if (der instanceof Uint8Array && hash('sha256', der, 'hex') === fingerprint) continue;
    yield `the DER of certificate ${String(fingerprint)} has been altered`;
  }
}

function* findMissing(connection: Connection): Generator<string, void> {
  const without = `SELECT fingerprint FROM certificates WHERE NOT EXISTS (
    SELECT 1 FROM ${DER_TABLE} WHERE ${DER_TABLE}.fingerprint = certificates.fingerprint)`;
  for (const [fingerprint] of connection.each(without)) {
    yield `the DER of certificate ${String(fingerprint)} is missing`;
  }
  const lost = `SELECT DISTINCT member_id FROM operation_members
    WHERE member_id NOT IN (SELECT id FROM members)
    AND member_id NOT IN (SELECT member_id FROM ${DEPARTED_TABLE})`;
  for (const [member] of connection.each(lost)) {
    yield `member ${JSON.stringify(member)}, which has parts in operations, is missing`;
  }
  const both = `SELECT member_id FROM ${DEPARTED_TABLE} WHERE member_id IN (SELECT id FROM members)`;
  for (const [member] of connection.each(both)) {
    yield `member ${JSON.stringify(member)} is in the zone and among those that have left it`;
  }
  yield* findWrongCounts(connection);
  for (const row of connection.pragma('foreign_key_check')) {
    yield `a row of ${String(row.table)} names a row of ${String(row.parent)} that is missing`;
  }
}

/** Those that triggers keep, against the rows. */
function* findWrongCounts(connection: Connection): Generator<string, void> {
  const counted = `SELECT 'members' AS what, count(*) AS number FROM members
    UNION ALL SELECT 'current', count(*) FROM certificates
      WHERE purpose = 'server' AND state = 'current'
    UNION ALL SELECT 'future', count(*) FROM certificates
      WHERE purpose = 'server' AND state = 'future'`;
  const wrong = `SELECT counted.what, counted.number, kept_counts.number
    FROM (${counted}) AS counted LEFT JOIN kept_counts ON kept_counts.what = counted.what
    WHERE kept_counts.number IS NULL OR kept_counts.number <> counted.number`;
  for (const [what, number, kept] of connection.each(wrong)) {
    yield `kept_counts says ${String(kept)} for ${String(what)}, but there are ${String(number)}`;
  }
}

function* findAlteredLines(connection: Connection): Generator<string, void> {
  for (const behind of findWrongLines(connection)) {
    yield `kept_lines: the lines behind ${JSON.stringify(behind)} are not those of the servers`;
  }
}

function findBrokenChain(connection: Connection): readonly string[] {
  const { broken } = verifyEvents(eachEvent(connection), (data) => hash('sha256', data, 'hex'));
  return broken === undefined ? [] : [`event ${broken.sequence} ${FAULTS[broken.fault]}`];
}

function* eachEvent(connection: Connection): Generator<AuditEvent, void> {
  const sql = `SELECT ${EVENTS.columns.join(', ')} FROM ${EVENTS.name} ORDER BY sequence`;
  for (const cells of connection.each(sql)) yield EVENTS.decode(cells);
}
