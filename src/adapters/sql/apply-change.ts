import { hash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { CaMove } from '../../zone/ca-move.js';
import type { SerialReservation } from '../../zone/certificate-record.js';
import type { Change } from '../../zone/change.js';
import type { Member } from '../../zone/member.js';
import type { OperationMember } from '../../zone/operation.js';
import type { Zone } from '../../zone/zone.js';
import { putAuthority } from './authority-rows.js';
import type { Connection } from './connection.js';
import { putChangedRow } from './put-changed-row.js';
import { addRows, findRow, insertInto, putRows } from './rows.js';
import { sealRow } from './table.js';
import {
  ADMINISTRATORS,
  ANCHORS,
  AUTHORITY_REQUESTS,
  BACKUPS,
  CA_MOVES,
  CERTIFICATES,
  CRL_ISSUERS,
  DEPARTED_TABLE,
  DER_TABLE,
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

type Of<Type extends Change['type']> = Extract<Change, { type: Type }>;
type Appliers = { readonly [Type in Change['type']]: (db: Connection, change: Of<Type>) => void };

const APPLIERS: Appliers = {
  'put-zone': (db, { zone }) => {
    putZone(db, zone);
  },
  'put-members': (db, { members }) => {
    putMembers(db, members);
  },
  'remove-member': (db, { memberId }) => {
    db.run('DELETE FROM members WHERE id = ?', [memberId]);
    noteDeparted(db, memberId);
  },
  'put-authority': (db, { authority }) => {
    putAuthority(db, authority);
  },
  'put-authority-request': (db, { request }) => {
    putRows(db, AUTHORITY_REQUESTS, [request]);
  },
  'reserve-serials': (db, { serials }) => {
    for (const serial of serials) reserve(db, serial);
  },
  'add-certificates': (db, { certificates }) => {
    addCertificates(db, certificates);
  },
  'set-certificate-state': (db, change) => {
    setCertificateState(db, change);
  },
  'take-certificate-again': (db, change) => {
    takeAgain(db, change);
  },
  'put-sets': (db, { sets }) => {
    putRows(db, SETS, sets);
  },
  'put-operation': (db, { operation }) => {
    putRows(db, OPERATIONS, [operation]);
  },
  'put-operation-members': (db, { members }) => {
    for (const part of members) putPart(db, part);
  },
  'put-anchor': (db, { anchor }) => {
    putRows(db, ANCHORS, [anchor]);
  },
  'put-requests': (db, { requests }) => {
    putRows(db, REQUESTS, requests);
  },
  'put-token-key': (db, { key }) => {
    putRows(db, TOKEN_KEYS, [key]);
  },
  'put-backup': (db, { backup }) => {
    putRows(db, BACKUPS, [backup]);
  },
  'put-revocations': (db, { revocations }) => {
    putRows(db, REVOCATIONS, revocations);
  },
  'put-crl-issuers': (db, { issuers }) => {
    putRows(db, CRL_ISSUERS, issuers);
  },
  'remove-anchor': (db, { alias }) => {
    db.run('DELETE FROM trust_anchors WHERE alias = ?', [alias]);
  },
  'put-ca-move': (db, { move }) => {
    putCaMove(db, move);
  },
  'remove-ca-move': (db) => {
    db.run(`DELETE FROM ${CA_MOVES.name}`, []);
  },
  'put-administrator': (db, { administrator }) => {
    putRows(db, ADMINISTRATORS, [administrator]);
  },
  'remove-administrator': (db, { name }) => {
    db.run(`DELETE FROM ${ADMINISTRATORS.name} WHERE name = ?`, [name]);
  },
};

/**
 * Makes one change within the open transaction. Throws `policy` when a serial number was taken,
 * `member-exists` for a name or path that another member has, `zone-exists` for a second zone.
 */
export function applyChange<Type extends Change['type']>(db: Connection, change: Of<Type>): void {
  const apply: (db: Connection, change: Of<Type>) => void = APPLIERS[change.type];
  apply(db, change);
}

function putZone(db: Connection, zone: Zone): void {
  if (db.first('SELECT id FROM zone WHERE id <> ?', [zone.id]) !== undefined) {
    throw new ZmintError('zone-exists', 'there is another zone in this database already', {
      hint: 'zmint status',
    });
  }
  putRows(db, ZONE, [zone]);
}

function putMembers(db: Connection, members: readonly Member[]): void {
  const other = 'SELECT path FROM members WHERE id <> ? AND (name = ? OR path = ?)';
  for (const member of members) {
    const taken = db.first(other, [member.id, member.name, member.path]);
    if (taken !== undefined) {
      throw new ZmintError('member-exists', `${String(taken[0])} is in the zone already`, {
        hint: `zmint server show ${member.name}`,
        details: { member: member.path },
      });
    }
    putRows(db, MEMBERS, [member]);
    db.run(`DELETE FROM ${DEPARTED_TABLE} WHERE member_id = ?`, [member.id]);
  }
}

/** One at a time: what an earlier one left would be forgotten with its row. */
function putCaMove(db: Connection, move: CaMove): void {
  const other = `SELECT state FROM ${CA_MOVES.name} WHERE from_member_id <> ? OR to_member_id <> ?`;
  if (db.first(other, [move.fromMemberId, move.toMemberId]) !== undefined)
    throw new ZmintError('bug', 'another move of the CA role is not over');
  putRows(db, CA_MOVES, [move]);
}

function reserve(db: Connection, serial: SerialReservation): void {
  const keep = 'ON CONFLICT (issuer_spki_sha256, serial) DO NOTHING';
  if (addRows(db, RESERVATIONS, [serial], keep) === 1) return;
  throw new ZmintError('policy', `serial number ${serial.serial} was taken already`, {
    hint: 'run the command again: it draws another one',
    details: { serial: serial.serial, issuerSpkiSha256: serial.issuerSpkiSha256 },
  });
}

/** The same fingerprint is the same certificate: one that is there already stays as it was recorded. */
function addCertificates(
  db: Connection,
  certificates: Of<'add-certificates'>['certificates'],
): void {
  const keep = 'ON CONFLICT (fingerprint) DO NOTHING';
  const addDer = `${insertInto(DER_TABLE, ['fingerprint', 'der'])} ${keep}`;
  for (const { record, der } of certificates) {
    if (hash('sha256', der, 'hex') !== record.fingerprint) {
      throw new ZmintError('bug', `${record.fingerprint} is not the SHA-256 of what came with it`);
    }
    addRows(db, CERTIFICATES, [record], keep);
    db.run(addDer, [record.fingerprint, der]);
  }
}

function takeAgain(db: Connection, change: Of<'take-certificate-again'>): void {
  const { fingerprint, operationId } = change;
  const tail = { sql: 'WHERE fingerprint = ?', values: [fingerprint] };
  const record = findRow(db, CERTIFICATES, tail);
  if (record === undefined) return;
  putRows(db, CERTIFICATES, [{ ...record, state: 'future', operationId }]);
}

/** Also of a member that has left already. */
function putPart(db: Connection, part: OperationMember): void {
  if (putChangedRow(db, OPERATION_MEMBERS, part)) noteDeparted(db, part.memberId);
}

/** Lists the member among those that have left, unless it is in the zone: who counts parts goes by that. */
function noteDeparted(db: Connection, memberId: string): void {
  db.run(
    `INSERT INTO ${DEPARTED_TABLE} (member_id) SELECT ?
      WHERE NOT EXISTS (SELECT 1 FROM members WHERE id = ?) ON CONFLICT DO NOTHING`,
    [memberId, memberId],
  );
}

/** Each row is checked before its new digest is made, so that an altered row does not pass as sound. */
function setCertificateState(db: Connection, change: Of<'set-certificate-state'>): void {
  for (const fingerprint of change.fingerprints) {
    const tail = { sql: 'WHERE fingerprint = ?', values: [fingerprint] };
    const record = findRow(db, CERTIFICATES, tail);
    if (record === undefined || record.state === change.state) continue;
    const next = { ...record, state: change.state };
    // Only what changes: writing a column anew renews each index that it stands in.
    const sql = 'UPDATE certificates SET state = ?, row_digest = ? WHERE fingerprint = ?';
    db.run(sql, [change.state, sealRow(CERTIFICATES, next).at(-1) ?? null, fingerprint]);
  }
}
