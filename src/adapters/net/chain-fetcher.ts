import { connect, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { ChainFetcher, ChainRequest } from '../../ports/chain-fetcher.js';
import { ZmintError } from '../../errors.js';
import { probeFailure, probeReason } from './probe-failure.js';
import { startTls } from './start-tls.js';
import { parseTarget, type Target } from './target.js';
import { createLookContext, handshake } from './tls-probe.js';

const MAX_SECONDS = 86_400;

/** Fetches chains as the probe looks at servers, TLS begun at once or after STARTTLS. */
export function createChainFetcher(): ChainFetcher {
  let context: SecureContext | undefined;
  return {
    fetch: async (request) => {
      const place = parseTarget(request.target);
      context ??= createLookContext();
      const look = { ...place, ...request, context };
      if (request.startTls === null) return handshake(look);
      const begun = performance.now();
      const over = await opened(place, request);
      const left = request.timeout - (performance.now() - begun) / 1000;
      return handshake({ ...look, timeout: Math.max(left, 0.001), over });
    },
  };
}

/** A connection on which TLS may begin. */
async function opened(place: Target, request: ChainRequest): Promise<Socket> {
  const { target, startTls: protocol, timeout } = request;
  const socket = connect(place);
  const timer = setTimeout(
    () => socket.destroy(Object.assign(new Error('time is up'), { code: 'ETIMEDOUT' })),
    Math.min(timeout, MAX_SECONDS) * 1000,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    if (protocol !== null) await startTls(socket, protocol, target);
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    if (error instanceof ZmintError) throw error;
    throw probeFailure(target, probeReason(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
