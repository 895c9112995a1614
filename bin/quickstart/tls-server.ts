import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

/**
 * A TLS server on a free port of 127.0.0.1 that serves `live`, a folder or a link to one, and reads
 * it again at SIGHUP, as daemons do. Its process id is in `pidFile` as long as it runs. Tells its
 * port through the channel to its parent, and ends with that channel. A set that is no good changes
 * nothing.
 */
export function serveTls(live: string, pidFile: string): void {
  const server = createServer();
  server.on('secureConnection', (socket) => {
    // A client that has seen enough resets the connection.
    socket.on('error', () => undefined);
    socket.end();
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => {
    reload(server, live);
  });
  process.on('disconnect', () => {
    rmSync(pidFile, { force: true });
    process.exit(0);
  });
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(pidFile, `${process.pid}\n`);
    const address = server.address();
    process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
  });
}

function reload(server: Server, live: string): void {
  try {
    // Resolved once: a link that is switched in between must not give a key of another set.
    const folder = realpathSync(live);
    server.setSecureContext({
      cert: readFileSync(join(folder, 'server.cer')),
      key: readFileSync(join(folder, 'key.pem')),
    });
  } catch (error) {
    process.stderr.write(`quickstart: ${live} is not served: ${String(error)}\n`);
  }
}
