import { ZmintError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import type { Extension } from '../x509/extension.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberSet, SetPurpose } from '../zone/member-set.js';
import type { PlannedServer } from '../zone/remint-plan.js';
import type { IssuedUnread } from './issue-many.js';
import type { ServerFiles } from './set-files.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** A server whose set is to be made: what is planned, and where it goes. */
export interface ServerJob {
  readonly member: Member;
  readonly planned: PlannedServer;
  readonly number: number;
  readonly purpose: SetPurpose;
  /** The sets of the server that wait already. */
  readonly waiting: readonly MemberSet[];
}

/** What is the same for all servers of a batch. */
export interface ServerMinting {
  readonly authority: Authority;
  readonly keys: AuthorityKeys;
  /** The CA's own certificate. */
  readonly issuer: Certificate;
  /** What the settings put into every certificate; nothing when it is left out. */
  readonly extensions?: readonly Extension[];
  /** Sent behind every leaf. */
  readonly chain: Bundle;
  /** The roots of every trust bundle. */
  readonly trust: Bundle;
  readonly operationId: string | null;
  readonly now: Instant;
  /** When the sets must be valid. */
  readonly validAt: Instant;
  readonly state: 'future' | 'current';
  /** Whether the sets are shown in the remint-repos too. */
  readonly rendered: boolean;
}

/** Certificates of the repository, by fingerprint and as DER in the same order. */
export interface Bundle {
  readonly fingerprints: readonly Fingerprint[];
  readonly ders: readonly Uint8Array[];
}

/** A certificate with its set on disk, or why there is none. */
export type MintOutcome =
  | {
      readonly job: ServerJob;
      readonly record: CertificateRecord;
      readonly der: Uint8Array;
      readonly set: MemberSet;
    }
  | { readonly job: ServerJob; readonly error: ZmintError };

/** Sets of a batch that are made and not written yet, with the servers that failed. */
export interface MadeSets {
  readonly made: readonly MadeSet[];
  readonly failed: readonly FailedJob[];
}

/** A server that gets no set, and why. */
export interface FailedJob {
  readonly job: ServerJob;
  readonly error: ZmintError;
}

/** A set as it is to be written. */
export interface MadeSet {
  readonly job: ServerJob;
  readonly home: string;
  readonly issued: IssuedUnread;
  readonly files: ServerFiles;
}

/** What came of trying a step for a server. */
export type Attempt<T> =
  | { readonly job: ServerJob; readonly value: T }
  | { readonly job: ServerJob; readonly error: ZmintError };

/** Those that it worked for. */
export function valuesOf<T>(
  attempts: readonly Attempt<T>[],
): readonly Extract<Attempt<T>, { value: T }>[] {
  return attempts.flatMap((one) => ('error' in one ? [] : [one]));
}

/** Those that it did not work for. */
export function errorsOf(attempts: readonly Attempt<unknown>[]): readonly FailedJob[] {
  return attempts.flatMap((one) => ('error' in one ? [one] : []));
}

/** Runs a step for a server; only a `bug` is thrown. */
export async function attempt<T>(job: ServerJob, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { job, value: await work() };
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return { job, error };
    throw error;
  }
}
