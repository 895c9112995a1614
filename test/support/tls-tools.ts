import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import type { Attempt, AttemptResult, TlsClient } from './tls-client.js';
import { judge, splitTarget } from './tls-client.js';
import { toolEnvironment } from './tools.js';

const SERVER_CERTIFICATE =
  /Server certificate\s+(-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----)/u;
const TIMEOUT_MS = 10_000;
const rootFiles = new Map<string, string>();
let noRoots: string | undefined;

/** A handshake by `openssl s_client`, which must verify and must show a certificate. */
export const opensslOnce: TlsClient = async (attempt) => {
  const { status, stdout, stderr } = await run('openssl', [
    's_client',
    ...['-connect', attempt.target, '-servername', attempt.serverName],
    ...['-CAfile', rootFile(attempt.root), '-no-CApath', '-no-CAstore'],
    ...['-verify_return_error', '-verify_hostname', attempt.serverName],
  ]);
  if (status !== 0) return { ok: false, reason: opensslReason(`${stderr}\n${stdout}`) };
  const pem = SERVER_CERTIFICATE.exec(stdout)?.[1];
  return judge(pem === undefined ? undefined : new X509Certificate(pem).raw, attempt.expect);
};

/**
 * A request by `curl`, which must verify and be answered. With `expect` a handshake of openssl
 * follows, as curl does not show the certificate.
 */
export const curlOnce: TlsClient = async (attempt) => {
  const [host, port] = splitTarget(attempt.target);
  const { status, stderr } = await run('curl', [
    ...['--disable', '--silent', '--show-error', '--noproxy', '*', '--max-time', '10'],
    ...['--cacert', rootFile(attempt.root), '--capath', emptyFolder()],
    ...['--resolve', `${attempt.serverName}:${port}:${host}`],
    `https://${attempt.serverName}:${port}/`,
  ]);
  if (status !== 0) return { ok: false, reason: stderr.trim().split('\n')[0] ?? '' };
  return attempt.expect === undefined ? unseen() : opensslOnce(attempt);
};

/** curl has verified a certificate, but which one is not known. */
function unseen(): AttemptResult {
  return { ok: true, fingerprint: '' };
}

interface Output {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[]): Promise<Output> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { env: toolEnvironment(), timeout: TIMEOUT_MS },
      (error, stdout, stderr) => {
        if (error === null) resolve({ status: 0, stdout, stderr });
        else
          resolve({
            status: typeof error.code === 'number' ? error.code : -1,
            stdout,
            stderr: stderr === '' ? error.message : stderr,
          });
      },
    );
    child.stdin?.end();
  });
}

function opensslReason(output: string): string {
  const verify = /verify error:num=\d+:(.+)|Verify return code: [1-9]\d* \((.+)\)/u.exec(output);
  return verify?.[1] ?? verify?.[2] ?? output.trim().split('\n')[0] ?? '';
}

function rootFile(root: Attempt['root']): string {
  const known = rootFiles.get(root);
  if (known !== undefined) return known;
  const file = join(temporaryFolder(), 'root.pem');
  writeFileSync(file, root);
  rootFiles.set(root, file);
  return file;
}

function emptyFolder(): string {
  noRoots ??= temporaryFolder();
  return noRoots;
}
