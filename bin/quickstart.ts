import { fileURLToPath } from 'node:url';

/** The servers and the clients are processes of their own: this program again, with a role. */
async function start([role, ...words]: readonly string[]): Promise<void> {
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
}

void start(process.argv.slice(2));
