import type { Seconds } from '../zone/instant.js';
import type { StartTls } from '../zone/start-tls.js';
import type { ServedChain } from './network.js';

/** A server, and how TLS is begun with it. */
export interface ChainRequest {
  /** `host:port`. */
  readonly target: string;
  /** The name to ask for (SNI). */
  readonly serverName: string;
  /** The protocol that is spoken in clear first; null: TLS from the first octet. */
  readonly startTls: StartTls | null;
  readonly timeout: Seconds;
}

/** Fetching the certificates that any server sends. */
export interface ChainFetcher {
  /**
   * Makes one handshake and hangs up. Certificates are not judged. Throws `unreachable` with what
   * failed: as `TlsProbe.look`, or that the server refuses to begin TLS, with its own words.
   */
  fetch(request: ChainRequest): Promise<ServedChain>;
}
