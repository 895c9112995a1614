import { constants } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { ServedChain, TlsProbe } from '../../ports/network.js';
import { isDnsName } from '../../zone/dns-name.js';
import type { Seconds } from '../../zone/instant.js';
import { isPeerAlert, probeFailure, probeReason } from './probe-failure.js';
import type { Target } from './target.js';
import { parseTarget } from './target.js';

const MAX_CERTIFICATES = 20;
const MAX_BYTES = 64 * 1024;
const MAX_SECONDS: Seconds = 86_400;
/** For the server to see the end of the handshake. */
const HANG_UP_MS = 1000;

/** One handshake to be made. */
export interface Look extends Target {
  readonly target: string;
  readonly serverName: string;
  readonly timeout: Seconds;
  readonly context: SecureContext;
  /** A connection on which TLS is to begin now; otherwise one is made. */
  readonly over?: Socket;
}

/**
 * Looks at servers with node:tls. Nothing is trusted and no certificate is judged; whether the
 * server holds the key is, since the handshake must get as far as the server's proof of it.
 *
 * The chain is the certificate list as it was sent: same order, strays and duplicates included.
 * Node's `getPeerCertificate(true)` does not give that (it follows issuers and drops what does not
 * fit: a stray, a repetition, everything behind a gap); `getPeerX509Certificate()` with its
 * `issuerCertificate` links does, in Node 20 with TLS 1.2 and 1.3. Node keeps some 5 kB for
 * each such look until the process ends.
 *
 * SNI is sent for DNS names only (RFC 6066 §3), no ALPN, no session is kept, and old protocol
 * versions, old servers and weak keys are accepted: a look is to see what is there.
 * Throws `usage` for a malformed target, else `unreachable` with `{ target, reason }`.
 */
export function createTlsProbe(): TlsProbe {
  let context: SecureContext | undefined;
  return {
    async look(target, serverName, timeout) {
      const place = parseTarget(target);
      context ??= createLookContext();
      return handshake({ ...place, target, serverName, timeout, context });
    },
  };
}

/** The settings of a client that takes whatever it is shown. */
export function createLookContext(): SecureContext {
  return createSecureContext({
    ca: [],
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  });
}

/** Makes the handshake and hangs up. Throws `unreachable` with `{ target, reason }`. */
export function handshake(look: Look): Promise<ServedChain> {
  return new Promise((resolve, reject) => {
    const socket = open(look);
    let keyProved = false;
    const timer = setTimeout(() => {
      finish(() => {
        throw timeUp(look, socket.connecting);
      });
    }, milliseconds(look.timeout));
    const finish = (read: () => ServedChain): void => {
      clearTimeout(timer);
      try {
        resolve(read());
      } catch (error) {
        reject(error instanceof Error ? error : probeFailure(look.target, 'other'));
      } finally {
        hangUp(socket);
      }
    };
    socket.on('keylog', (line: Buffer) => {
      keyProved ||= line.toString('latin1').startsWith('CLIENT_RANDOM ') && hasEphemeralKey(socket);
    });
    socket.once('secureConnect', () => {
      finish(() => served(look.target, socket));
    });
    socket.on('error', (error) => {
      finish(() => {
        // Up to TLS 1.2 a server that wants a certificate from us ends the handshake after its own.
        if (keyProved && isPeerAlert(error)) return served(look.target, socket);
        throw probeFailure(look.target, probeReason(error), { cause: error });
      });
    });
  });
}

/** In good order, so that the server does not log a broken handshake for every look. */
function hangUp(socket: TLSSocket): void {
  if (socket.connecting || socket.getProtocol() === null) {
    socket.destroy();
    return;
  }
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), HANG_UP_MS).unref();
}

function open(look: Look): TLSSocket {
  const name = look.serverName.toLowerCase();
  const named = isIP(name) === 0 && isDnsName(name);
  return connect({
    ...(look.over === undefined ? { host: look.host, port: look.port } : { socket: look.over }),
    secureContext: look.context,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(named ? { servername: name } : {}),
  });
}

/**
 * Up to TLS 1.2 the session's secret exists only after the server's signature over its ephemeral
 * key was verified (RFC 5246 §7.4.3); with RSA key exchange nothing is proved until the end.
 */
function hasEphemeralKey(socket: TLSSocket): boolean {
  return /^TLS_(?:ECDHE|DHE)_/u.test(socket.getCipher().standardName);
}

function milliseconds(timeout: Seconds): number {
  return Math.min(Math.max(timeout, 0), MAX_SECONDS) * 1000;
}

function timeUp(look: Look, connecting: boolean): Error {
  const span = `within ${look.timeout} s`;
  const message = connecting
    ? `${look.target} did not answer ${span}`
    : `${look.target} took the connection, but finished no TLS handshake ${span}`;
  return probeFailure(look.target, 'timeout', { message });
}

function served(target: string, socket: TLSSocket): ServedChain {
  const chain: Uint8Array[] = [];
  let bytes = 0;
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  for (; certificate !== undefined; certificate = certificate.issuerCertificate) {
    const der = new Uint8Array(certificate.raw);
    chain.push(der);
    bytes += der.length;
    if (chain.length > MAX_CERTIFICATES || bytes > MAX_BYTES)
      throw probeFailure(target, 'too-large');
  }
  if (chain.length === 0) throw probeFailure(target, 'no-certificate');
  return { chain, protocol: socket.getProtocol() ?? 'unknown' };
}
