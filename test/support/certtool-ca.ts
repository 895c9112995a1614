import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import { toolEnvironment } from './tools.js';

/** An external CA that shares no code with OpenSSL: one root, which signs servers itself. */
export interface CerttoolCa {
  /** PEM. */
  readonly root: string;
  /** What it makes of a request in PEM. */
  sign(csr: string): string;
}

const ROOT =
  'cn = "Certtool Root"\nca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 3650\n';
/** The names are taken over from the request, nothing else. */
const SERVER = 'signing_key\ntls_www_server\nexpiration_days = 300\nhonor_crq_ext = 2.5.29.17\n';

/** Makes the CA with the certtool of GnuTLS. */
export function makeCerttoolCa(): CerttoolCa {
  const folder = temporaryFolder();
  const run = (...args: readonly string[]): void => {
    execFileSync('certtool', args, { cwd: folder, env: toolEnvironment(), stdio: 'pipe' });
  };
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'latin1');
  write('root.cfg', ROOT);
  write('server.cfg', SERVER);
  run('--generate-privkey', '--key-type', 'ecdsa', '--curve', 'secp256r1', '--outfile', 'root.key');
  run(
    ...['--generate-self-signed', '--load-privkey', 'root.key'],
    ...['--template', 'root.cfg', '--outfile', 'root.pem'],
  );
  return {
    root: read('root.pem'),
    sign: (csr) => {
      write('server.csr', csr);
      run(
        ...['--generate-certificate', '--load-request', 'server.csr'],
        ...['--load-ca-certificate', 'root.pem', '--load-ca-privkey', 'root.key'],
        ...['--template', 'server.cfg', '--outfile', 'server.pem'],
      );
      return read('server.pem').replace(/^[\s\S]*?(?=-----BEGIN)/u, '');
    },
  };
}
