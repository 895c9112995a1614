import type { SerialReservation } from '../../zone/certificate-record.js';
import { openForReading } from './open-connection.js';
import { readRows } from './rows.js';
import { RESERVATIONS } from './tables.js';

const PAGE = 1000;

/** The serial numbers that were taken in the database at this path, page by page. Throws `damaged`. */
export async function* readReservations(
  path: string,
): AsyncGenerator<readonly SerialReservation[]> {
  const connection = openForReading(path);
  try {
    let after = ['', ''];
    for (;;) {
      const page = readRows(connection, RESERVATIONS, {
        sql: `WHERE (issuer_spki_sha256, serial) > (?, ?) ORDER BY issuer_spki_sha256, serial LIMIT ${PAGE}`,
        values: after,
      });
      const last = page.at(-1);
      if (last === undefined) return;
      yield await Promise.resolve(page);
      after = [last.issuerSpkiSha256, last.serial];
    }
  } finally {
    connection.close();
  }
}
