import type { Seconds } from '../zone/instant.js';

/** What a server showed in a TLS handshake. Nothing of it is trusted yet. */
export interface ServedChain {
  /** DER as received: the server's certificate first. At most 20 of at most 64 KiB together. */
  readonly chain: readonly Uint8Array[];
  readonly protocol: string;
}

export interface TlsProbe {
  /**
   * Makes one handshake with `host:port`, asking for `serverName`, and hangs up. Certificates are
   * not judged. Throws `unreachable` with what failed (refused, time-out, no TLS, no certificate).
   */
  look(target: string, serverName: string, timeout: Seconds): Promise<ServedChain>;
}
