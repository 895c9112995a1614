// A TLS server for the chapters of the guide: serves the set in a folder, reads it again on SIGHUP.
//   node test/tooling/guide-server.mjs FOLDER PORT PID_FILE
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const [folder, port, pidFile] = process.argv.slice(2);
const read = () => ({
  cert: readFileSync(`${folder}/server.cer`),
  key: readFileSync(`${folder}/key.pem`),
});
const server = createServer(read(), (socket) => socket.end());
server.on('tlsClientError', () => undefined);
process.on('SIGHUP', () => server.setSecureContext(read()));
server.listen(Number(port), '127.0.0.1', () => writeFileSync(pidFile, String(process.pid)));
