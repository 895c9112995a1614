import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';

export interface NodeTlsServerOptions {
  /** A folder, or a link to one, with `server.cer` and `key.pem`. */
  readonly live: string;
  /** Default: any free one. */
  readonly port?: number;
}

/** An HTTPS server of node:https in this process. */
export interface NodeTlsServer {
  readonly port: number;
  /** `127.0.0.1:<port>`, as a probe address. */
  readonly target: string;
  /** Reads the folder again; connections that stand are not touched. Throws when the set is no good. */
  reload(): void;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1, answering `ok` to every request. */
export async function startNodeTlsServer(options: NodeTlsServerOptions): Promise<NodeTlsServer> {
  const read = () => ({
    cert: readFileSync(join(options.live, 'server.cer')),
    key: readFileSync(join(options.live, 'key.pem')),
  });
  const server = createServer(read(), (_request, response) => {
    response.end('ok');
  });
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
  return {
    port: address.port,
    target: `127.0.0.1:${address.port}`,
    reload: () => {
      server.setSecureContext(read());
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}
