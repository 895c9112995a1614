import { createHash } from 'node:crypto';
import { connect, createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';

/** One attempt of a client that trusts exactly one root. */
export interface Attempt {
  /** The only root that it trusts, PEM. */
  readonly root: string;
  /** `127.0.0.1:port`. */
  readonly target: string;
  /** The DNS name that the certificate must carry, and that SNI asks for. */
  readonly serverName: string;
  /** SHA-256 that the server's certificate must have, hexadecimal; else any that verifies. */
  readonly expect?: string;
}

/** `fingerprint`: SHA-256 of the server's certificate, hexadecimal. */
export type AttemptResult =
  | { readonly ok: true; readonly fingerprint: string }
  | { readonly ok: false; readonly reason: string };

/** A kind of client. */
export type TlsClient = (attempt: Attempt) => Promise<AttemptResult>;

const TIMEOUT_MS = 10_000;
const contexts = new Map<string, SecureContext>();

/** A full handshake by node:tls in this process; the certificate, its name and its chain are verified. */
export const nodeOnce: TlsClient = (attempt) =>
  new Promise((resolve) => {
    const [host, port] = splitTarget(attempt.target);
    const socket = connect({
      host,
      port,
      servername: attempt.serverName,
      secureContext: contextFor(attempt.root),
      rejectUnauthorized: true,
      timeout: TIMEOUT_MS,
    });
    const finish = (result: AttemptResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('timeout', () => {
      finish({ ok: false, reason: 'timeout' });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      finish({ ok: false, reason: error.code ?? error.message });
    });
    socket.once('secureConnect', () => {
      finish(judge(socket.getPeerCertificate().raw, attempt.expect));
    });
  });

/** Checks that there is a certificate, and that it is the expected one. */
export function judge(der: Uint8Array | undefined, expected: string | undefined): AttemptResult {
  if (der === undefined) return { ok: false, reason: 'no certificate' };
  const fingerprint = createHash('sha256').update(der).digest('hex');
  if (expected !== undefined && expected !== fingerprint) {
    return { ok: false, reason: `other certificate ${fingerprint}` };
  }
  return { ok: true, fingerprint };
}

/** `127.0.0.1:443` as host and port. */
export function splitTarget(target: string): readonly [string, number] {
  const colon = target.lastIndexOf(':');
  return [target.slice(0, colon), Number(target.slice(colon + 1))];
}

function contextFor(root: string): SecureContext {
  const known = contexts.get(root);
  if (known !== undefined) return known;
  const context = createSecureContext({ ca: root });
  contexts.set(root, context);
  return context;
}
