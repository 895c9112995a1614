import { ZmintError } from '../../errors.js';
import type { Connection } from './connection.js';
import type { SchemaStep } from './schema-steps.js';

/** Marks the file as a zone's database (`PRAGMA application_id`): "zmnt". */
export const APPLICATION_ID = 0x7a6d6e74;

/**
 * The number of the last migration that was applied; 0 for a database without tables, as a crash
 * during `init` leaves it. Throws `damaged` for a file of another program, for a step that differs
 * from the known one, and for a newer schema than the known one.
 */
export function schemaVersion(connection: Connection, steps: readonly SchemaStep[]): number {
  const { path } = connection;
  if (connection.first("SELECT name FROM sqlite_schema WHERE type = 'table'") === undefined)
    return 0;
  if (connection.setting('application_id') !== APPLICATION_ID) {
    throw damaged(`${path} is not the database of a zone`, 'zmint doctor');
  }
  const applied = connection.all('SELECT version, digest FROM schema_migrations ORDER BY version');
  applied.forEach(([version, digest], index) => {
    const known = steps[index];
    if (known === undefined) {
      const limit = `this zmint knows schemas up to ${steps.length}`;
      throw damaged(
        `${path} has schema ${applied.length}; ${limit}`,
        'npm install -g zmint@latest',
      );
    }
    if (version === known.version && digest === known.digest) return;
    throw damaged(`step ${known.version} of the schema of ${path} is another one`, 'zmint doctor');
  });
  return applied.length;
}

function damaged(message: string, hint: string): ZmintError {
  return new ZmintError('damaged', message, { hint });
}
