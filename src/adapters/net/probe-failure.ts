import { ZmintError } from '../../errors.js';
import { errnoOf } from '../fs/file-error.js';

/**
 * Why a look at a server showed nothing. `no-certificate`: it speaks TLS and ended the handshake by
 * an alert of its own before it proved a certificate. `handshake`: what it sent is not valid TLS
 * for us. `other`: the code of the system's error is in the details.
 */
export type ProbeReason =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'no-route'
  | 'reset'
  | 'no-tls'
  | 'no-certificate'
  | 'handshake'
  | 'too-large'
  | 'other';

const BY_CODE: Readonly<Record<string, ProbeReason>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EACCES: 'no-route',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  ERR_SSL_HTTP_REQUEST: 'no-tls',
  ERR_SSL_EXCESSIVE_MESSAGE_SIZE: 'too-large',
};

const WORDS: Readonly<Record<ProbeReason, (target: string) => string>> = {
  refused: (target) => `nothing listens on ${target}`,
  timeout: (target) => `${target} did not finish a TLS handshake in time`,
  dns: (target) => `the host name in ${target} is not known here`,
  'no-route': (target) => `there is no way through the network to ${target}`,
  reset: (target) => `${target} hung up before the TLS handshake was done`,
  'no-tls': (target) => `${target} answers, but does not speak TLS`,
  'no-certificate': (target) => `${target} ended the TLS handshake without showing a certificate`,
  handshake: (target) => `the TLS handshake with ${target} failed`,
  'too-large': (target) => `${target} sent more certificates than a server should`,
  other: (target) => `${target} could not be reached`,
};

const HINTS: Readonly<Record<ProbeReason, string>> = {
  refused: 'see whether the server runs and whether this is its address and port',
  timeout:
    'see whether a firewall is between, whether the port is right, and whether it speaks TLS',
  dns: 'check the name, or give an address; a server of the zone has its own: zmint server set NAME --probe ADDRESS:PORT',
  'no-route': 'check the address and the route to it: ip route get ADDRESS',
  reset: 'read the log of the server: it may have failed to load its certificate',
  'no-tls': 'give the port where it speaks TLS: zmint server set NAME --probe HOST:PORT',
  'no-certificate': 'read the log of the server: it may have no certificate for that name',
  handshake: 'read the log of the server: its key and its certificate may not belong together',
  'too-large': 'let the server send its own certificate and what leads to the root, no more',
  other: 'run zmint doctor on this host',
};

/** The reason behind an error of node:net or node:tls, from its code alone. */
export function probeReason(error: unknown): ProbeReason {
  const code = errnoOf(error) ?? '';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (isPeerAlert(error)) return 'no-certificate';
  return code.startsWith('ERR_SSL_') || code === 'EPROTO' ? 'handshake' : 'other';
}

/** Whether the error is a TLS alert that the other side sent (RFC 8446 §6.2). */
export function isPeerAlert(error: unknown): boolean {
  return /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_|^ERR_SSL_TLSV1_(?:UNRECOGNIZED_NAME|BAD_CERTIFICATE|UNSUPPORTED_EXTENSION)/u.test(
    errnoOf(error) ?? '',
  );
}

/** What is known about a failed look, beside its reason. */
export interface ProbeFailureFacts {
  readonly cause?: unknown;
  /** Words in place of the usual ones. */
  readonly message?: string;
}

/** The error `unreachable` in words, with `{ target, reason, code? }` as its details. */
export function probeFailure(
  target: string,
  reason: ProbeReason,
  { cause, message }: ProbeFailureFacts = {},
): ZmintError {
  const code = errnoOf(cause);
  return new ZmintError('unreachable', message ?? WORDS[reason](target), {
    hint: HINTS[reason],
    details: { target, reason, ...(code === undefined ? {} : { code }) },
    cause,
  });
}
