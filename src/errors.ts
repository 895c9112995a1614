/** Every way in which zmint can refuse or fail; scripts may rely on these words. */
export type ErrorCode =
  | 'usage'
  | 'question-unanswered'
  | 'not-available-yet'
  | 'no-zone'
  | 'zone-exists'
  | 'busy'
  | 'wrong-passphrase'
  | 'operation-pending'
  | 'gate-not-satisfied'
  | 'too-late'
  | 'unknown-member'
  | 'ambiguous-member'
  | 'member-exists'
  | 'not-found'
  | 'unsafe-path'
  | 'damaged'
  | 'plan-outdated'
  | 'unreadable'
  | 'key-mismatch'
  | 'chain-untrusted'
  | 'not-valid-then'
  | 'policy'
  | 'unreachable'
  | 'served-differs'
  | 'reload-failed'
  | 'token-unavailable'
  | 'storage'
  | 'partial'
  | 'interrupted'
  | 'bug';

/** Facts that belong to an error: shown with `--json`, never a secret. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface ErrorOptions {
  /** The command to type next, or the one thing to do about it. */
  readonly hint?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/**
 * The only error that zmint throws on purpose. The message names the thing and the fact, in lower
 * case and without a full stop; text from outside in it is escaped where it is printed.
 */
export class ZmintError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ZmintError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}
