import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChainFetcher } from '../../src/adapters/net/chain-fetcher.js';
import type { CommandLine } from './command-line.js';
import { layExampleFiles } from './example-files.js';
import { startTlsServer } from './start-tls-server.js';

/** Whatever host an example asks, a server on 127.0.0.1 answers with the certificate of `web1`. */
export async function serveExamples(at: CommandLine): Promise<void> {
  await layExampleFiles(at);
  const folder = join(at.zoneHome, '..');
  const key = readFileSync(join(folder, 'web1.key'), 'utf8');
  const chain = readFileSync(join(folder, 'server.cer'), 'utf8');
  const real = createChainFetcher();
  at.chains = {
    fetch: async (request) => {
      const server = await startTlsServer({ protocol: request.startTls, key, chain });
      try {
        return await real.fetch({ ...request, target: `127.0.0.1:${server.port}` });
      } finally {
        await server.close();
      }
    },
  };
}
