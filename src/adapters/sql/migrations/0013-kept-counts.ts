import type { Dialect, Migration } from '../migration.js';

/**
 * Counts that are kept by the database itself, in the transaction of each change: counting the entries
 * of an index took a fifth of `check` with a hundred thousand servers, every minute.
 */
export const KEPT_COUNTS: Migration = {
  version: 13,
  name: 'kept-counts',
  statements: (dialect) => [
    `CREATE TABLE kept_counts (
      what ${dialect.text} NOT NULL PRIMARY KEY, number ${dialect.integer} NOT NULL
    )${dialect.tableSuffix}`,
    "INSERT INTO kept_counts (what, number) SELECT 'members', count(*) FROM members",
    ...['current', 'future'].map(
      (state) =>
        `INSERT INTO kept_counts (what, number) SELECT '${state}', count(*) FROM certificates
          WHERE purpose = 'server' AND state = '${state}'`,
    ),
    ...memberTriggers(dialect),
    ...certificateTriggers(dialect),
  ],
};

function memberTriggers({ trigger }: Dialect): readonly string[] {
  return [
    trigger('members_come', 'AFTER INSERT ON members', [change('+', "'members'")]),
    trigger('members_leave', 'AFTER DELETE ON members', [change('-', "'members'")]),
  ];
}

/** Only `current` and `future` have a row: of all other states these change nothing. */
function certificateTriggers({ trigger }: Dialect): readonly string[] {
  return [
    trigger('certificates_come', "AFTER INSERT ON certificates WHEN NEW.purpose = 'server'", [
      change('+', 'NEW.state'),
    ]),
    trigger('certificates_leave', "AFTER DELETE ON certificates WHEN OLD.purpose = 'server'", [
      change('-', 'OLD.state'),
    ]),
    trigger(
      'certificates_change',
      'AFTER UPDATE OF state, purpose ON certificates WHEN OLD.state <> NEW.state OR OLD.purpose <> NEW.purpose',
      [
        `${change('-', 'OLD.state')} AND OLD.purpose = 'server'`,
        `${change('+', 'NEW.state')} AND NEW.purpose = 'server'`,
      ],
    ),
  ];
}

function change(sign: '+' | '-', what: string): string {
  return `UPDATE kept_counts SET number = number ${sign} 1 WHERE what = ${what}`;
}
