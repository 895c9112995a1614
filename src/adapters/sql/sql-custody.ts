import type { Administrator } from '../../zone/administrator.js';
import type { AuthorityRequest } from '../../zone/authority-request.js';
import type { CaMove } from '../../zone/ca-move.js';
import type { TokenKey } from '../../zone/token-key.js';
import type { VerifiedBackup } from '../../zone/verified-backup.js';
import { findRow, readRows, type Tail } from './rows.js';
import { SqlRevocations } from './sql-revocations.js';
import type { Table } from './table.js';
import { ADMINISTRATORS, AUTHORITY_REQUESTS, BACKUPS, CA_MOVES, TOKEN_KEYS } from './tables.js';

/** Where keys of the CA are, what keeps them, and who may use them, on SQLite; a part of the reader of the zone. */
export class SqlCustody extends SqlRevocations {
  authorityRequests(): Promise<readonly AuthorityRequest[]> {
    return this.list(AUTHORITY_REQUESTS, { sql: 'ORDER BY generation' });
  }

  tokenKeys(): Promise<readonly TokenKey[]> {
    return this.list(TOKEN_KEYS, { sql: 'ORDER BY spki_sha256' });
  }

  lastBackup(): Promise<VerifiedBackup | undefined> {
    const tail = { sql: 'ORDER BY made_at DESC, head_sequence DESC LIMIT 1' };
    return this.answer(() => findRow(this.connection, BACKUPS, tail));
  }

  caMove(): Promise<CaMove | undefined> {
    return this.answer(() => findRow(this.connection, CA_MOVES, { sql: '' }));
  }

  administrators(): Promise<readonly Administrator[]> {
    return this.list(ADMINISTRATORS, { sql: 'ORDER BY name' });
  }

  administrator(name: string): Promise<Administrator | undefined> {
    const tail = { sql: 'WHERE name = ?', values: [name] };
    return this.answer(() => findRow(this.connection, ADMINISTRATORS, tail));
  }

  protected list<Row>(table: Table<Row>, tail: Tail): Promise<readonly Row[]> {
    return this.answer(() => readRows(this.connection, table, tail));
  }
}
