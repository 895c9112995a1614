import type { RevocationReader } from '../../ports/revocation-reader.js';
import type { CertificateRecord } from '../../zone/certificate-record.js';
import type { CrlIssuer } from '../../zone/crl-issuer.js';
import type { Instant } from '../../zone/instant.js';
import type { Revocation } from '../../zone/revocation.js';
import { oneOf } from './certificate-tail.js';
import type { Connection } from './connection.js';
import { findRow, readRows } from './rows.js';
import { CERTIFICATES, CRL_ISSUERS, REVOCATIONS } from './tables.js';

const IN_ORDER = 'ORDER BY revoked_at, serial';

/** Revocations and CRLs on SQLite; a part of the reader of the zone. */
export class SqlRevocations implements RevocationReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  crlIssuers(): Promise<readonly CrlIssuer[]> {
    return this.answer(() =>
      readRows(this.connection, CRL_ISSUERS, { sql: 'ORDER BY generation' }),
    );
  }

  revocation(fingerprint: string): Promise<Revocation | undefined> {
    const tail = { sql: 'WHERE fingerprint = ?', values: [fingerprint] };
    return this.answer(() => findRow(this.connection, REVOCATIONS, tail));
  }

  revocationsOf(issuerSpkiSha256: string, endingFrom: Instant): Promise<readonly Revocation[]> {
    const sql = `WHERE issuer_spki_sha256 = ? AND not_after >= ? ${IN_ORDER}`;
    const tail = { sql, values: [issuerSpkiSha256, endingFrom] };
    return this.answer(() => readRows(this.connection, REVOCATIONS, tail));
  }

  unlistedRevocations(): Promise<readonly Revocation[]> {
    const tail = { sql: `WHERE listed_in IS NULL ${IN_ORDER}` };
    return this.answer(() => readRows(this.connection, REVOCATIONS, tail));
  }

  revocationsNamed(fingerprints: readonly string[]): Promise<readonly Revocation[]> {
    const tail = { sql: `WHERE ${oneOf('fingerprint', fingerprints)}`, values: fingerprints };
    return this.answer(() => readRows(this.connection, REVOCATIONS, tail));
  }

  revokedInUse(limit: number): Promise<readonly CertificateRecord[]> {
    // The sign keeps SQLite from walking through all certificates in use: revoked ones are few.
    const sql = `WHERE fingerprint IN (SELECT fingerprint FROM ${REVOCATIONS.name}) AND +state = 'current' AND +purpose = 'server' ORDER BY not_after LIMIT ?`;
    return this.answer(() => readRows(this.connection, CERTIFICATES, { sql, values: [limit] }));
  }

  certificatesLike(start: string, limit: number): Promise<readonly CertificateRecord[]> {
    // Behind all hexadecimal digits, so that the range holds exactly those that begin so.
    const sql = 'WHERE fingerprint >= ? AND fingerprint < ? ORDER BY fingerprint LIMIT ?';
    const tail = { sql, values: [start, `${start}g`, limit] };
    return this.answer(() => readRows(this.connection, CERTIFICATES, tail));
  }

  certificatesNumbered(serial: string): Promise<readonly CertificateRecord[]> {
    const tail = { sql: 'WHERE serial = ? ORDER BY fingerprint', values: [serial] };
    return this.answer(() => readRows(this.connection, CERTIFICATES, tail));
  }

  lastEndOf(generation: number): Promise<Instant | null> {
    const tail = {
      sql: "WHERE issuer_generation = ? AND purpose <> 'ca' ORDER BY not_after DESC LIMIT 1",
      values: [generation],
    };
    return this.answer(() => findRow(this.connection, CERTIFICATES, tail)?.notAfter ?? null);
  }

  /** SQLite answers at once; what it throws becomes the promise's. */
  protected answer<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      resolve(work());
    });
  }
}
