import { ZmintError } from '../../src/errors.js';
import type { MemberInput } from '../../src/index.js';

/** A row of the file that describes a server. */
export interface ServerRow {
  /** Of the file, from 1; the header is line 1. */
  readonly line: number;
  readonly input: MemberInput;
}

const COLUMNS = [
  'name',
  'dns',
  'addDns',
  'ip',
  'kind',
  'roles',
  'home',
  'reload',
  'probe',
] as const;
type ColumnName = (typeof COLUMNS)[number];

/**
 * The rows of a CSV file (RFC 4180, UTF-8) with a header that names its columns in any order; only
 * `name` and `dns` must be there. Several values in a cell are separated by spaces or semicolons.
 * Throws `unreadable` with the line.
 */
export async function readServersCsv(
  bytes: Uint8Array,
  file: string,
): Promise<readonly ServerRow[]> {
  const { parse } = await import('csv-parse/sync');
  const rows = parseOrRefuse(file, () =>
    parse(decode(bytes, file), {
      bom: true,
      columns: (header: string[]) => header.map((name) => columnOf(name, file)),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }),
  );
  if (rows.length > 0) return rows.map((row) => serverRow(row));
  throw new ZmintError('unreadable', `${file} holds no servers`, { hint: HEADER_HINT });
}

const HEADER_HINT = `the first line is ${COLUMNS.join(',')}; name and dns must be there`;

interface ParsedRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ZmintError('unreadable', `${file} is no UTF-8 text`);
  }
}

function columnOf(name: string, file: string): ColumnName {
  const column = COLUMNS.find((known) => known.toLowerCase() === name.trim().toLowerCase());
  if (column !== undefined) return column;
  throw new ZmintError('unreadable', `${file}, line 1: there is no column "${name}"`, {
    hint: HEADER_HINT,
  });
}

function parseOrRefuse(file: string, parse: () => unknown): readonly ParsedRow[] {
  try {
    return parse() as readonly ParsedRow[];
  } catch (error) {
    if (error instanceof ZmintError || !(error instanceof Error)) throw error;
    throw new ZmintError('unreadable', `${file}: ${error.message}`, {
      hint: HEADER_HINT,
      cause: error,
    });
  }
}

function serverRow({ record, info }: ParsedRow): ServerRow {
  const value = (column: ColumnName): string | undefined => {
    const cell = record[column];
    return cell === undefined || cell === '' ? undefined : cell;
  };
  const values = (column: ColumnName): readonly string[] =>
    (value(column) ?? '').split(/[\s;]+/u).filter((each) => each !== '');
  return {
    line: info.lines,
    input: {
      name: value('name') ?? '',
      kind: value('kind') ?? 'primary',
      dnsName: value('dns'),
      additionalDnsNames: values('addDns'),
      ipAddresses: values('ip'),
      roles: values('roles'),
      home: value('home'),
      reload: value('reload'),
      probe: value('probe'),
    },
  };
}
