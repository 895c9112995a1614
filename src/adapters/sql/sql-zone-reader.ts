import { hash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { CertificateFilter, ZoneReader } from '../../ports/zone-store.js';
import type { ShortLines } from '../../ports/server-lines.js';
import type { Page, ServerLine } from '../../ports/zone-walks.js';
import type { AuditEvent } from '../../zone/audit-event.js';
import type { Authority } from '../../zone/authority.js';
import type { CertificateRecord, CertificateState } from '../../zone/certificate-record.js';
import type { CertificateRequest } from '../../zone/certificate-request.js';
import type { Fingerprint } from '../../zone/fingerprint.js';
import type { Member } from '../../zone/member.js';
import type { MemberSet, SetPurpose, SetState } from '../../zone/member-set.js';
import type { Operation, OperationMember } from '../../zone/operation.js';
import type { OperationPhase } from '../../zone/operation-terms.js';
import type { PartCursor, PartSelection } from '../../zone/part-selection.js';
import type { TrustAnchor } from '../../zone/trust-anchor.js';
import type { Zone } from '../../zone/zone.js';
import { certificateTail, oneOf } from './certificate-tail.js';
import { readAuthorities } from './authority-rows.js';
import { readMembersInTheWay } from './members-in-the-way.js';
import { readShortLines } from './kept-lines.js';
import { noZone } from './no-zone.js';
import { partCondition, partCount } from './part-conditions.js';
import { findRow, readRows, type Tail } from './rows.js';
import { readServerLines } from './server-lines.js';
import { SqlCustody } from './sql-custody.js';
import type { Table } from './table.js';
import {
  ANCHORS,
  CERTIFICATES,
  DER_TABLE,
  EVENTS,
  MEMBERS,
  OPERATION_MEMBERS,
  OPERATIONS,
  REQUESTS,
  SETS,
  ZONE,
} from './tables.js';

/**
 * The zone's database on SQLite, for reading. Each row is checked against its digest when it is
 * read, so every method throws `damaged` for one that was altered; events are not: their chain is
 * verified as a whole.
 */
export class SqlZoneReader extends SqlCustody implements ZoneReader {
  zone(): Promise<Zone> {
    return this.answer(() => {
      const [zone, second] = readRows(this.connection, ZONE, { sql: 'ORDER BY id' });
      if (zone === undefined) throw noZone(this.connection.path);
      if (second === undefined) return zone;
      throw new ZmintError('damaged', `${this.connection.path} holds more than one zone`, {
        hint: 'zmint doctor',
      });
    });
  }

  members(): Promise<readonly Member[]> {
    return this.list(MEMBERS, { sql: 'ORDER BY path' });
  }

  authorities(): Promise<readonly Authority[]> {
    return this.answer(() => this.connection.snapshot(() => readAuthorities(this.connection)));
  }

  certificates(filter: CertificateFilter): Promise<readonly CertificateRecord[]> {
    return this.list(CERTIFICATES, certificateTail(filter));
  }

  certificate(fingerprint: Fingerprint): Promise<CertificateRecord | undefined> {
    const tail = { sql: 'WHERE fingerprint = ?', values: [fingerprint] };
    return this.answer(() => findRow(this.connection, CERTIFICATES, tail));
  }

  der(fingerprints: readonly Fingerprint[]): Promise<readonly Uint8Array[]> {
    return this.answer(() =>
      this.connection.snapshot(() => fingerprints.map((one) => this.#readDer(one))),
    );
  }

  sets(memberId?: string): Promise<readonly MemberSet[]> {
    const order = 'ORDER BY member_id, number';
    if (memberId === undefined) return this.list(SETS, { sql: order });
    return this.list(SETS, { sql: `WHERE member_id = ? ${order}`, values: [memberId] });
  }

  operations(phases?: readonly OperationPhase[]): Promise<readonly Operation[]> {
    // `op-10` follows `op-9` when both began in one second.
    const order = 'ORDER BY started_at, length(id), id';
    if (phases === undefined) return this.list(OPERATIONS, { sql: order });
    if (phases.length === 0) return Promise.resolve([]);
    const places = phases.map(() => '?').join(', ');
    return this.list(OPERATIONS, { sql: `WHERE phase IN (${places}) ${order}`, values: phases });
  }

  operationMembers(operationId: string): Promise<readonly OperationMember[]> {
    return this.list(OPERATION_MEMBERS, {
      sql: 'WHERE operation_id = ? ORDER BY position, member_id',
      values: [operationId],
    });
  }

  operation(id: string): Promise<Operation | undefined> {
    const tail = { sql: 'WHERE id = ?', values: [id] };
    return this.answer(() => findRow(this.connection, OPERATIONS, tail));
  }

  partsAfter(
    operationId: string,
    selection: PartSelection,
    { after, limit }: Page<PartCursor>,
  ): Promise<readonly OperationMember[]> {
    const behind = after ?? { order: -1, memberId: '' };
    return this.list(OPERATION_MEMBERS, {
      sql: `WHERE operation_id = ? AND (position, member_id) > (?, ?) AND ${partCondition(selection)} ORDER BY position, member_id LIMIT ?`,
      values: [operationId, behind.order, behind.memberId, limit],
    });
  }

  countParts(operationId: string, selection: PartSelection): Promise<number> {
    const { sql, values } = partCount(operationId, selection);
    return this.answer(() => Number(this.connection.first(sql, values)?.[0] ?? 0));
  }

  partsOf(
    memberIds: readonly string[],
    operationIds: readonly string[],
  ): Promise<readonly OperationMember[]> {
    const operations = oneOf('operation_id', operationIds);
    return this.#listOf(OPERATION_MEMBERS, 'member_id', memberIds, {
      sql: `AND ${operations}`,
      values: operationIds,
    });
  }

  membersAfter({ after, limit }: Page<string>): Promise<readonly Member[]> {
    return this.list(MEMBERS, {
      sql: 'WHERE path > ? ORDER BY path LIMIT ?',
      values: [after ?? '', limit],
    });
  }

  serverLinesAfter(page: Page<string>): Promise<readonly ServerLine[]> {
    return this.answer(() => readServerLines(this.connection, page));
  }

  shortLinesAfter(path: string | null): Promise<ShortLines> {
    return this.answer(() =>
      this.connection.snapshot(() => readShortLines(this.connection, path ?? '')),
    );
  }

  countMembers(): Promise<number> {
    return this.answer(() =>
      Number(this.connection.first(`SELECT count(*) FROM ${MEMBERS.name}`)?.[0] ?? 0),
    );
  }

  membersById(ids: readonly string[]): Promise<readonly Member[]> {
    return this.#listOf(MEMBERS, 'id', ids, { sql: 'ORDER BY path' });
  }

  membersNamed(names: readonly string[]): Promise<readonly Member[]> {
    return this.#listOf(MEMBERS, 'name', names, { sql: 'ORDER BY path' });
  }

  membersAround(homes: readonly string[]): Promise<readonly Member[]> {
    return this.answer(() => readMembersInTheWay(this.connection, homes));
  }

  memberLike(start: string): Promise<Member | undefined> {
    const tail = {
      sql: 'WHERE name >= ? AND substr(name, 1, ?) = ? ORDER BY name LIMIT 1',
      values: [start, start.length, start],
    };
    return this.answer(() => findRow(this.connection, MEMBERS, tail));
  }

  setsOf(memberIds: readonly string[]): Promise<readonly MemberSet[]> {
    return this.#listOf(SETS, 'member_id', memberIds, { sql: 'ORDER BY member_id, number' });
  }

  setsIn(purpose: SetPurpose, state: SetState): Promise<readonly MemberSet[]> {
    // Written out, not bound: only so is the partial index found.
    const condition = `purpose = '${purpose}' AND state = '${state}'`;
    return this.list(SETS, { sql: `WHERE ${condition} ORDER BY member_id, number` });
  }

  certificatesOf(
    memberIds: readonly string[],
    states: readonly CertificateState[],
  ): Promise<readonly CertificateRecord[]> {
    // The sign keeps SQLite from walking through all certificates in such a state for each batch.
    return this.#listOf(CERTIFICATES, 'member_id', memberIds, {
      sql: `AND ${oneOf('state', states)} AND +purpose = 'server' ORDER BY recorded_at, fingerprint`,
      values: states,
    });
  }

  currentOf(generation: number, limit: number): Promise<readonly CertificateRecord[]> {
    return this.list(CERTIFICATES, {
      sql: "WHERE state = 'current' AND purpose = 'server' AND issuer_generation = ? ORDER BY not_after LIMIT ?",
      values: [generation, limit],
    });
  }

  certificatesWithKey(spkiSha256: string): Promise<readonly CertificateRecord[]> {
    const order = 'ORDER BY recorded_at, fingerprint';
    const sql = `WHERE spki_sha256 = ? AND purpose = 'server' ${order}`;
    return this.list(CERTIFICATES, { sql, values: [spkiSha256] });
  }

  certificatesNamed(fingerprints: readonly string[]): Promise<readonly CertificateRecord[]> {
    return this.#listOf(CERTIFICATES, 'fingerprint', fingerprints, { sql: '' });
  }

  anchors(): Promise<readonly TrustAnchor[]> {
    return this.list(ANCHORS, { sql: 'ORDER BY alias' });
  }

  requests(): Promise<readonly CertificateRequest[]> {
    return this.list(REQUESTS, { sql: 'ORDER BY member_id, number' });
  }

  requestsOf(memberIds: readonly string[]): Promise<readonly CertificateRequest[]> {
    return this.#listOf(REQUESTS, 'member_id', memberIds, { sql: 'ORDER BY member_id, number' });
  }

  hasOpenRequests(): Promise<boolean> {
    // Written out as the partial index is: only so is it found.
    const states = "state IN ('csr-generated', 'csr-generation-failed')";
    const open = `SELECT 1 FROM ${REQUESTS.name} WHERE ${states} LIMIT 1`;
    return this.answer(() => this.connection.first(open) !== undefined);
  }

  events(after: number, limit: number): Promise<readonly AuditEvent[]> {
    return this.#events({
      sql: 'WHERE sequence > ? ORDER BY sequence LIMIT ?',
      values: [after, limit],
    });
  }

  async lastEvents(limit: number): Promise<readonly AuditEvent[]> {
    const newestFirst = await this.#events({
      sql: 'ORDER BY sequence DESC LIMIT ?',
      values: [limit],
    });
    return newestFirst.toReversed();
  }

  async damage(): Promise<readonly string[]> {
    const { findDamage } = await import('./find-damage.js');
    return findDamage(this.connection);
  }

  close(): void {
    this.connection.close();
  }

  /** Rows whose column has one of these values, and what else the tail says. */
  #listOf<Row>(
    table: Table<Row>,
    column: string,
    values: readonly string[],
    tail: Tail,
  ): Promise<readonly Row[]> {
    if (values.length === 0) return Promise.resolve([]);
    return this.list(table, {
      sql: `WHERE ${oneOf(column, values)} ${tail.sql}`,
      values: [...values, ...(tail.values ?? [])],
    });
  }

  #events(tail: Tail): Promise<readonly AuditEvent[]> {
    const sql = `SELECT ${EVENTS.columns.join(', ')} FROM ${EVENTS.name} ${tail.sql}`;
    return this.answer(() =>
      this.connection.all(sql, tail.values).map((cells) => EVENTS.decode(cells)),
    );
  }

  #readDer(fingerprint: Fingerprint): Uint8Array {
    const sql = `SELECT der FROM ${DER_TABLE} WHERE fingerprint = ?`;
    const der = this.connection.first(sql, [fingerprint])?.[0];
    const sound = der instanceof Uint8Array && hash('sha256', der, 'hex') === fingerprint;
    if (sound) return new Uint8Array(der.buffer, der.byteOffset, der.byteLength);
    const fact = der === undefined ? 'is missing' : 'has been altered';
    throw new ZmintError('damaged', `the certificate ${fingerprint} ${fact} in the repository`, {
      hint: 'zmint doctor',
      details: { fingerprint },
    });
  }
}
