import type { ErrorCode } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation } from '../zone/operation.js';
import type { Activation } from '../zone/operation-terms.js';
import type { PlannedServer, RemintRequest } from '../zone/remint-plan.js';
import type { NamedFile } from './read-bag.js';

/** A file of an import; `server` when a person said whose it is. */
export interface ImportFile extends NamedFile {
  readonly server: string | null;
}

/** What a person asked of an import. */
export interface ImportRequest {
  readonly files: readonly ImportFile[];
  readonly activateAt: RemintRequest['activateAt'];
  /**
   * Certificates are put as those of their servers: one for the key that the server has today is
   * taken too, and so is one that was the server's before.
   */
  readonly put: boolean;
  /** With `put`: also where a certificate that has not expired is replaced. */
  readonly force: boolean;
}

/** What became of a thing in an import. `taken`: a server's certificate. `used`: a part of one's set. */
export type ImportOutcome = 'taken' | 'used' | 'passed-over' | 'refused';

/** One thing in a file, and where it went or why not. */
export interface ImportRow {
  readonly file: string;
  /** Its place in the file; empty when it is the whole file. */
  readonly where: string;
  /** In words: text from outside, to be escaped where it is printed. */
  readonly what: string;
  readonly outcome: ImportOutcome;
  /** Names of the servers that it went to. */
  readonly servers: readonly string[];
  /** Why it was passed over or refused; empty otherwise. */
  readonly reason: string;
  /** What to do about it; empty: nothing. */
  readonly hint: string;
  /** Of a refusal. */
  readonly code: ErrorCode | null;
}

/** Where the key of an imported certificate was found. */
export type KeySource = 'given' | 'request' | 'placed' | 'live';

/** One server's set as it was imported: complete and checked. */
export interface ImportSet {
  readonly member: Member;
  readonly planned: PlannedServer;
  readonly leaf: Certificate;
  /** Behind the leaf, without the root. */
  readonly intermediates: readonly Certificate[];
  /** Whoever carries the plan out wipes it. */
  readonly pkcs8: Uint8Array;
  readonly keySource: KeySource;
}

/** An import, decided: nothing has been written. */
export interface ImportPlan {
  /** The audit sequence that the plan was made on. */
  readonly basis: number;
  /** The change of the CA that waits for these certificates; null: they are an operation of their own. */
  readonly into: Operation | null;
  readonly at: Instant;
  readonly rows: readonly ImportRow[];
  /** In the order of activation. */
  readonly sets: readonly ImportSet[];
  readonly activation: Activation;
  readonly immediate: boolean;
  readonly deadline: Instant | null;
  readonly updateName: string;
  readonly warnings: readonly string[];
}
