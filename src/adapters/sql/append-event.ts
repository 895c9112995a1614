import { hash } from 'node:crypto';
import { canonicalJson, hashInput, type AuditEntry } from '../../zone/audit-event.js';
import { EMPTY_LOG, type EventHead } from '../../zone/verify-events.js';
import type { Connection } from './connection.js';
import { insertInto } from './rows.js';
import { EVENTS } from './tables.js';

/** Adds the entry to the end of the hash chain; runs within the transaction that it explains (I-25). */
export function appendEvent(connection: Connection, entry: AuditEntry): void {
  const head = newest(connection);
  // What is hashed is what will be read back: JSON drops what it cannot say.
  const details = JSON.parse(canonicalJson(entry.details)) as AuditEntry['details'];
  const event = {
    at: entry.at,
    actor: entry.actor,
    what: entry.what,
    operationId: entry.operationId,
    details,
    sequence: head.sequence + 1,
    previousHash: head.hash,
  };
  const digest = hash('sha256', hashInput(event), 'hex');
  connection.run(
    insertInto(EVENTS.name, EVENTS.columns),
    EVENTS.encode({ ...event, hash: digest }),
  );
}

function newest(connection: Connection): EventHead {
  const cells = connection.first(
    `SELECT ${EVENTS.columns.join(', ')} FROM ${EVENTS.name} ORDER BY sequence DESC LIMIT 1`,
  );
  return cells === undefined ? EMPTY_LOG : EVENTS.decode(cells);
}
