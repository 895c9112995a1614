import type {
  CertifiedServer,
  LifeCounts,
  MemberCounts,
  MemberWithSets,
  ZoneCounts,
} from '../../ports/zone-counts.js';
import { ZmintError } from '../../errors.js';
import type { Instant } from '../../zone/instant.js';
import type { Member } from '../../zone/member.js';
import type { Cell } from './column.js';
import type { Connection } from './connection.js';
import { findRow, readRows } from './rows.js';
import { CERTIFICATES, MEMBERS, SETS } from './tables.js';

/** Values are written out where a partial index must be found by them. */
const CURRENT = "state = 'current' AND purpose = 'server'";
const DEVICE = "kind NOT IN ('primary', 'satellite')";

/** Counts of the zone's database, over the connection of its reader. */
export class SqlZoneCounts implements ZoneCounts {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  members(): Promise<MemberCounts> {
    return this.#answer(() => {
      const [all = 0, devices = 0, apart = 0] = this.#figures(
        ['members'],
        `count(*), count(*) - count(home) FROM members WHERE ${DEVICE}`,
      );
      return { servers: all - devices, devices, reachable: all - apart };
    });
  }

  member(id: string): Promise<Member | undefined> {
    return this.#answer(() => this.#member(id));
  }

  lives(now: Instant, endingBefore: Instant): Promise<LifeCounts> {
    return this.#answer(() => {
      const expired = `SELECT count(*) FROM certificates WHERE ${CURRENT} AND not_after < ?`;
      const between = `SELECT count(*) FROM certificates WHERE ${CURRENT} AND not_after >= ? AND not_after < ?`;
      // Few certificates begin later, so these are read one by one.
      const figures = this.#figures(
        ['current', 'future'],
        `(${expired}), (${between}), count(*), count(CASE WHEN not_after < ? THEN 1 END)
          FROM certificates WHERE ${CURRENT} AND not_before > ? AND +not_after >= ?`,
        [now, now, endingBefore, endingBefore, now, now],
      );
      const [current = 0, future = 0, over = 0, ending = 0, notYetValid = 0, endingLater = 0] =
        figures;
      return { current, expired: over, notYetValid, ending: ending - endingLater, future };
    });
  }

  endingBefore(instant: Instant): Promise<number> {
    const sql = `SELECT count(*) FROM certificates WHERE ${CURRENT} AND not_after < ?`;
    return this.#answer(() => this.#count(sql, [instant]));
  }

  soonest(limit: number): Promise<readonly CertifiedServer[]> {
    return this.#answer(() => {
      const tail = { sql: `WHERE ${CURRENT} ORDER BY not_after LIMIT ?`, values: [limit] };
      return readRows(this.#connection, CERTIFICATES, tail).flatMap((certificate) => {
        const member = this.#member(certificate.memberId ?? '');
        return member === undefined ? [] : [{ member, certificate }];
      });
    });
  }

  without(what: 'current' | 'future'): Promise<readonly string[]> {
    const states = what === 'current' ? "('current')" : "('current', 'future')";
    return this.#answer(() => {
      const tail = {
        sql: `WHERE NOT (${DEVICE}) AND NOT EXISTS (SELECT 1 FROM certificates
          WHERE member_id = members.id AND state IN ${states} AND purpose = 'server')
          ORDER BY path`,
      };
      return readRows(this.#connection, MEMBERS, tail).map(({ name }) => name);
    });
  }

  unfinishedSets(): Promise<number> {
    const condition = "purpose = 'first' AND state = 'ready'";
    return this.#answer(() => this.#count(`SELECT count(*) FROM member_sets WHERE ${condition}`));
  }

  firstMembers(limit: number): Promise<readonly MemberWithSets[]> {
    return this.#answer(() => {
      const tail = { sql: 'ORDER BY path LIMIT ?', values: [limit] };
      return readRows(this.#connection, MEMBERS, tail).map((member) => ({
        member,
        sets: readRows(this.#connection, SETS, {
          sql: 'WHERE member_id = ? ORDER BY number',
          values: [member.id],
        }),
      }));
    });
  }

  #member(id: string): Member | undefined {
    return findRow(this.#connection, MEMBERS, { sql: 'WHERE id = ?', values: [id] });
  }

  /** What the database counts by itself (`0013-kept-counts.ts`), then what the query says, in one reading. */
  #figures(
    kept: readonly ('members' | 'current' | 'future')[],
    query: string,
    values: readonly Cell[] = [],
  ): readonly number[] {
    const counts = kept.map((what) => `(SELECT number FROM kept_counts WHERE what = '${what}')`);
    const row = this.#connection.first(`SELECT ${counts.join(', ')}, ${query}`, values) ?? [];
    const lost = kept.find((_, index) => typeof row[index] !== 'number');
    if (lost === undefined) return row.map(Number);
    throw new ZmintError('damaged', `${this.#connection.path} has lost its count of ${lost}`, {
      hint: 'zmint doctor',
    });
  }

  #count(sql: string, values: readonly Cell[] = []): number {
    return Number(this.#connection.first(sql, values)?.[0] ?? 0);
  }

  /** SQLite answers at once; what it throws becomes the promise's. */
  #answer<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      resolve(this.#connection.snapshot(work));
    });
  }
}
