import { join } from 'node:path';
import { shellWord, type MemberInput } from '../../src/index.js';
import { startChild, type Child } from './child.js';
import type { Target } from './handshakes.js';

/** A server of the zone: the process, and what the zone is told about it. */
export interface Site {
  readonly child: Child;
  readonly target: Target;
  readonly member: MemberInput & { readonly name: string };
}

/** Where everything of one run lies. */
export interface Places {
  /** The file of this program. */
  readonly program: string;
  readonly zoneHome: string;
  /** For what is of use only while the servers run. */
  readonly runFolder: string;
}

/**
 * Starts the TLS servers with these names. They listen, but have nothing to serve until the zone has
 * made their certificates and their reload command was run. It finds the process by a file, as those
 * of daemons do, so that it can never hit another process that comes later.
 */
export function startSites(places: Places, names: readonly string[]): Promise<readonly Site[]> {
  return Promise.all(names.map((name) => startSite(places, name)));
}

async function startSite(places: Places, name: string): Promise<Site> {
  const live = join(places.zoneHome, 'servers', name, 'security/live');
  const pidFile = join(places.runFolder, `${name}.pid`);
  const { child, greeting } = await startChild(places.program, ['--server', live, pidFile]);
  const port = portOf(greeting);
  const dnsName = `${name}.example.com`;
  return {
    child,
    target: { port, serverName: dnsName },
    member: {
      name,
      dnsName,
      reload: `kill -HUP "$(cat ${shellWord(pidFile)})"`,
      probe: `127.0.0.1:${port}`,
    },
  };
}

function portOf(greeting: unknown): number {
  if (typeof greeting === 'object' && greeting !== null && 'port' in greeting) {
    const { port } = greeting;
    if (typeof port === 'number') return port;
  }
  throw new Error('a TLS server has no port');
}
