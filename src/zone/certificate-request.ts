import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';
import type { KeySpec } from './key-spec.js';

/**
 * `csr-generated`: it waits for what a CA signs. `superseded`: a newer one was made; its key still
 * waits, since the CA may sign it all the same. `done`: a certificate for its key, or for that of a
 * newer one, has been live, and the key is gone from where it waited.
 */
export type RequestState = 'csr-generated' | 'csr-generation-failed' | 'superseded' | 'done';

/** A certificate signing request of a server, and where its key waits. */
export interface CertificateRequest {
  readonly memberId: string;
  /** 1, 2, 3 … for each member; the key waits in the home's `security/requests/<number>`. */
  readonly number: number;
  readonly state: RequestState;
  /** RFC 4514 text. */
  readonly subject: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keySpec: KeySpec;
  /** SHA-256 of the SubjectPublicKeyInfo; null when making it failed. */
  readonly spkiSha256: Fingerprint | null;
  /** PEM; null when making it failed. */
  readonly csr: string | null;
  /** Why making it failed. */
  readonly problem: string | null;
  readonly createdAt: Instant;
}

/** Whether its key waits for a certificate. */
export function waitsForCertificate({ state }: CertificateRequest): boolean {
  return state === 'csr-generated' || state === 'superseded';
}

/** Whether it waits, or failed, and none has taken its place. */
export function isOpen({ state }: CertificateRequest): boolean {
  return state === 'csr-generated' || state === 'csr-generation-failed';
}

/** The request of a member that was made last and waits, or failed; undefined: none. */
export function openRequest(
  requests: readonly CertificateRequest[],
  memberId: string,
): CertificateRequest | undefined {
  return requests.findLast((one) => one.memberId === memberId && isOpen(one));
}
