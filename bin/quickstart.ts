#!/usr/bin/env node
import { fileURLToPath } from 'node:url';

// The servers and the clients are processes of their own: this program again, with a role.
const [role, ...words] = process.argv.slice(2);
if (role === '--server') {
  const { serveTls } = await import('./quickstart/tls-server.js');
  serveTls(words[0] ?? '', words[1] ?? '');
} else if (role === '--clients') {
  const { answerClients } = await import('./quickstart/tls-clients.js');
  answerClients();
} else {
  const { quickstart } = await import('./quickstart/quickstart.js');
  process.exit(await quickstart(fileURLToPath(import.meta.url)));
}
