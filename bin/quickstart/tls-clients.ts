import { connect, createSecureContext, type SecureContext } from 'node:tls';
import type { ClientOrder, Kind, Phase, Target, Tallies } from './handshakes.js';

const TIMEOUT_MS = 10_000;

interface OpenTally {
  readonly ok: Record<Phase, number>;
  failed: number;
  reason: string | null;
}

/**
 * Clients that connect to every server without pause, each with exactly one trusted root, as the
 * parent orders; a handshake counts when chain and name verify. Ends with the channel to the parent.
 */
export function answerClients(): void {
  const tallies: Record<Kind, OpenTally> = { old: emptyTally(), new: emptyTally() };
  const loops: Promise<void>[] = [];
  const now: { phase: Phase; stopped: boolean } = { phase: 'before', stopped: false };
  const obey = async (order: ClientOrder): Promise<Tallies> => {
    if (order.order === 'phase') now.phase = order.phase;
    if (order.order === 'start') {
      const secureContext = createSecureContext({ ca: order.root });
      for (const target of order.targets) {
        loops.push(connectOnAndOn(target, secureContext, tallies[order.kind], now));
      }
    }
    if (order.order === 'stop') {
      now.stopped = true;
      await Promise.all(loops);
    }
    return tallies;
  };
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    process.exit(0);
  });
  process.on('message', (order: ClientOrder) => {
    void obey(order).then((answer) => process.send?.(answer));
  });
  process.send?.({ ready: true });
}

function emptyTally(): OpenTally {
  return { ok: { before: 0, during: 0, after: 0 }, failed: 0, reason: null };
}

async function connectOnAndOn(
  target: Target,
  secureContext: SecureContext,
  tally: OpenTally,
  now: { readonly phase: Phase; readonly stopped: boolean },
): Promise<void> {
  while (!now.stopped) {
    const { phase } = now;
    const problem = await connectOnce(target, secureContext);
    if (problem === undefined) tally.ok[phase] += 1;
    else {
      tally.failed += 1;
      tally.reason ??= `${target.serverName}, ${phase}: ${problem}`;
    }
  }
}

/** A full handshake; undefined when it worked, else why not. */
function connectOnce(target: Target, secureContext: SecureContext): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: target.port,
      servername: target.serverName,
      secureContext,
      timeout: TIMEOUT_MS,
    });
    const finish = (problem: string | undefined): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('timeout', () => {
      finish('timeout');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      finish(error.code ?? error.message);
    });
    socket.once('secureConnect', () => {
      finish(undefined);
    });
  });
}
