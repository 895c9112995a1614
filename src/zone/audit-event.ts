import type { Instant } from './instant.js';

/** What is to be recorded; sequence and hash chain are added by the store. */
export interface AuditEntry {
  readonly at: Instant;
  readonly actor: string;
  /** A verb phrase in kebab-case: `operation-prepared`, `server-activated`. */
  readonly what: string;
  readonly operationId: string | null;
  /** Canonical facts, never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** One line of the audit log. */
export interface AuditEvent extends AuditEntry {
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number;
  /** Hash of the event before it, 64 hexadecimal digits; zeros for the first. */
  readonly previousHash: string;
  /** SHA-256 of `hashInput` of this event. */
  readonly hash: string;
}

/** The exact text whose SHA-256 is an event's hash: canonical JSON of all fields but the hash. */
export function hashInput(event: Omit<AuditEvent, 'hash'>): string {
  return canonicalJson([
    event.sequence,
    event.at,
    event.actor,
    event.what,
    event.operationId,
    event.details,
    event.previousHash,
  ]);
}

/** JSON with object keys in code-unit order and no white space (the subset of RFC 8785 that zmint needs). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}
