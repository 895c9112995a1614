import type { Dialect, Migration } from '../migration.js';

/**
 * Lines of `ssl list` as they were made of checked rows, some hundred servers together under one
 * digest; a page is for the servers behind the path `behind` up to the path `last`, or to the end. The
 * database itself drops a page as soon as one of its servers changes, in the transaction of the
 * change: so no page can be out of date, whatever writes.
 */
export const KEPT_LINES: Migration = {
  version: 14,
  name: 'kept-lines',
  statements: (dialect) => [
    `CREATE TABLE kept_lines (
      behind ${dialect.text} NOT NULL PRIMARY KEY,
      last ${dialect.text},
      digest ${dialect.text} NOT NULL,
      content ${dialect.text} NOT NULL
    )${dialect.tableSuffix}`,
    `CREATE INDEX certificate_requests_open ON certificate_requests (member_id)
      WHERE state IN ('csr-generated', 'csr-generation-failed')`,
    ...memberTriggers(dialect),
    ...certificateTriggers(dialect),
  ],
};

function memberTriggers({ trigger }: Dialect): readonly string[] {
  const other = 'OLD.path <> NEW.path OR OLD.name <> NEW.name OR OLD.kind <> NEW.kind';
  return [
    trigger('lines_of_new_members', 'AFTER INSERT ON members', [drop('NEW.path')]),
    trigger('lines_of_old_members', 'AFTER DELETE ON members', [drop('OLD.path')]),
    trigger('lines_of_changed_members', `AFTER UPDATE ON members WHEN ${other}`, [
      drop('OLD.path'),
      drop('NEW.path'),
    ]),
  ];
}

/** A line shows the server certificate in use; those that come and go beside it change nothing. */
function certificateTriggers({ trigger }: Dialect): readonly string[] {
  const pathOf = (row: string): string => `(SELECT path FROM members WHERE id = ${row}.member_id)`;
  const inUse = (row: string): string => `(${row}.state = 'current' AND ${row}.purpose = 'server')`;
  return [
    trigger('lines_of_new_certificates', `AFTER INSERT ON certificates WHEN ${inUse('NEW')}`, [
      drop(pathOf('NEW')),
    ]),
    trigger('lines_of_old_certificates', `AFTER DELETE ON certificates WHEN ${inUse('OLD')}`, [
      drop(pathOf('OLD')),
    ]),
    trigger(
      'lines_of_changed_certificates',
      `AFTER UPDATE ON certificates WHEN ${inUse('OLD')} OR ${inUse('NEW')}`,
      [drop(pathOf('OLD')), drop(pathOf('NEW'))],
    ),
  ];
}

/** The page that has this path, if any has. */
function drop(path: string): string {
  return `DELETE FROM kept_lines
    WHERE behind = (SELECT max(behind) FROM kept_lines WHERE behind < ${path})
    AND (last IS NULL OR last >= ${path})`;
}
