import type { CertificateFilter } from '../../ports/zone-store.js';
import type { Tail } from './rows.js';

/** The conditions of a filter and the order of time of recording, then fingerprint. */
export function certificateTail(filter: CertificateFilter): Required<Tail> {
  const fixed: readonly (readonly [column: string, value: string | undefined])[] = [
    ['member_id', filter.memberId],
    ['operation_id', filter.operationId],
  ];
  const given = fixed.flatMap(([column, value]) =>
    value === undefined ? [] : [{ sql: `${column} = ?`, value }],
  );
  const conditions = given.map((one) => one.sql);
  // Written out, not bound: only so are the partial indexes of the CA's certificates found.
  if (filter.purpose !== undefined) conditions.push(`purpose = '${filter.purpose}'`);
  if (filter.states !== undefined) conditions.push(oneOf('state', filter.states));
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')} `;
  return {
    sql: `${where}ORDER BY recorded_at, fingerprint`,
    values: [...given.map((one) => one.value), ...(filter.states ?? [])],
  };
}

/** The condition that a column has one of these values, each as a parameter. */
export function oneOf(column: string, values: readonly string[]): string {
  // Standard SQL has no empty list: nothing is in it.
  if (values.length === 0) return '1 = 0';
  return `${column} IN (${values.map(() => '?').join(', ')})`;
}
