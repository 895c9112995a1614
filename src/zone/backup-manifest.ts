import { ZmintError } from '../errors.js';
import { canonicalJson } from './audit-event.js';
import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';
import type { Custody } from './zone.js';

/** The name of the manifest in a backup; every other file is listed in it. */
export const MANIFEST = 'manifest.json';

/** A key of the CA in a backup. */
export interface BackupKey {
  readonly generation: number;
  readonly spkiSha256: string;
  /** The name of its key file in the backup. */
  readonly file: string;
}

/** What a backup says of itself. */
export interface BackupManifest {
  readonly zoneId: string;
  readonly zoneName: string;
  /** Where the zone home was. */
  readonly zoneHome: string;
  readonly custody: Custody;
  /** The name of the server that holds the keys of the CA, or those of former ones; null: there are none. */
  readonly server: string | null;
  readonly madeAt: Instant;
  /** The newest event of the audit log in it. */
  readonly head: { readonly sequence: number; readonly hash: string };
  readonly keys: readonly BackupKey[];
  /** The SHA-256 of every file but the manifest, by name. */
  readonly files: Readonly<Record<string, Fingerprint>>;
}

const SCHEMA = 'zmint.backup/1';

/** The manifest as canonical JSON, in one line. */
export function renderManifest(manifest: BackupManifest): string {
  return `${canonicalJson({ schema: SCHEMA, ...manifest })}\n`;
}

/**
 * Reads what `renderManifest` wrote. Throws `damaged` naming the backup for everything else: a
 * manifest that cannot be written again to the byte was not written by zmint.
 */
export function parseManifest(text: string, name: string): BackupManifest {
  const found = findManifest(parseJson(text));
  if (found !== undefined && renderManifest(found) === text) return found;
  throw new ZmintError('damaged', `the manifest in ${name} is not one that zmint wrote`, {
    hint: 'take another backup, or one made by a zmint of this version',
    details: { path: name },
  });
}

function findManifest(json: unknown): BackupManifest | undefined {
  const { schema, ...fields } = recordOf(json);
  const { zoneId, zoneName, zoneHome, madeAt, head, keys, files } = fields;
  const texts = [zoneId, zoneName, zoneHome].every((one) => typeof one === 'string');
  const numbers = [madeAt, recordOf(head).sequence].every(Number.isSafeInteger);
  const lists = Array.isArray(keys) && typeof recordOf(head).hash === 'string';
  const digests = Object.values(recordOf(files)).every((one) => typeof one === 'string');
  if (schema !== SCHEMA || !texts || !numbers || !lists || !digests) return undefined;
  return keys.every(isKey) ? (fields as unknown as BackupManifest) : undefined;
}

function isKey(value: unknown): boolean {
  const { generation, spkiSha256, file } = recordOf(value);
  return [spkiSha256, file].every((one) => typeof one === 'string') && Number.isInteger(generation);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
