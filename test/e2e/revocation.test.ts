import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { crlDer } from '../../src/operations/issue-crls.js';
import { executeSet, planSet } from '../../src/operations/change-members.js';
import { executeCrls, planCrls } from '../../src/operations/make-crls.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import { executeRevocation, planRevocation } from '../../src/operations/revoke-certificate.js';
import { executeRollback, planRollback } from '../../src/operations/rollback-request.js';
import type { OperationContext } from '../../src/ports/context.js';
import { parseCertificateList } from '../../src/x509/certificate-list.js';
import { issueWished, wish } from '../support/issue-bench.js';
import { judgeFile } from '../support/judge-file.js';
import { startNginx } from '../support/nginx.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, openTestZone, remint } from '../support/test-zone.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { waitUntil } from '../support/wait-until.js';

const whenOpenssl = requireTool('openssl') ? test : test.skip;
const whenServed = requireTool('curl') && requireTool('nginx') ? test : test.skip;
const whenCerttool = requireTool('certtool') ? test : test.skip;
const whenKeytool = requireTool('keytool') ? test : test.skip;
const NOW = Math.floor(Date.now() / 1000);

let zoneHome = '';
let ctx: OperationContext;
/** Of the time before the CA was replaced. */
let oldRoot = '';

const live = (server: string): string => join(zoneHome, 'servers', server, 'security/live');
const bundle = (): string => join(zoneHome, 'crl/bundle.pem');
const roots = (): string => join(zoneHome, 'truststore/cacerts.pem');

async function revoke(word: string): Promise<void> {
  const certificate = { word, file: null };
  const request = {
    certificate,
    reason: 'key-compromise' as const,
    invalidityDate: null,
    reload: true,
  };
  const plan = await planRevocation(ctx, request, NOW);
  if (plan === undefined) throw new Error(`${word} is revoked already`);
  await executeRevocation(ctx, plan);
}

async function setReload(server: string, reload: string): Promise<void> {
  await executeSet(ctx, await planSet(ctx, server, { reload }, NOW));
}

async function makeCrls(): Promise<void> {
  const plan = await planCrls(ctx, { days: null, due: null, reload: true }, NOW);
  if (plan === undefined) throw new Error('no CRL is due');
  await executeCrls(ctx, plan);
}

/** What `openssl verify` says of a live set, with every CRL of its path looked at. */
function openssl(server: string, trust = roots()): string {
  const chain = join(live(server), 'server.cer');
  const words = ['verify', '-x509_strict', '-crl_check_all', '-CRLfile', bundle()];
  return attempt('openssl', [...words, '-CAfile', trust, '-untrusted', chain, chain]);
}

function attempt(program: string, words: readonly string[]): string {
  try {
    return execFileSync(program, words, {
      encoding: 'utf8',
      env: toolEnvironment(),
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

beforeAll(async () => {
  zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: NOW }, [
    { name: 'web1', dnsName: 'web1.example.com' },
    { name: 'web2', dnsName: 'web2.example.com' },
  ]);
  ctx = await openTestZone({ zoneHome, now: NOW });
  await makeCrls();
  oldRoot = join(temporaryFolder(), 'old.pem');
  writeFileSync(oldRoot, readFileSync(roots()));
  await revoke('web1');
}, 60_000);

afterAll(() => {
  ctx.store.close();
});

describe('a revoked certificate, as others see it', () => {
  whenOpenssl('openssl refuses it and takes the others', () => {
    expect(openssl('web1')).toContain('certificate revoked');
    expect(openssl('web2')).toContain('OK');
  });

  test('so does zmint itself', async () => {
    const judge = (server: string) =>
      judgeFile({
        leaf: readFileSync(join(live(server), 'server.cer'), 'utf8'),
        trust: readFileSync(roots(), 'utf8'),
        crls: readFileSync(bundle(), 'utf8'),
        at: NOW + 1,
      });
    expect(await judge('web2')).toMatchObject({ valid: true, problems: [] });
    const { valid, problems } = await judge('web1');
    expect({ valid, codes: problems.map(({ code }) => code) }).toEqual({
      valid: false,
      codes: ['revoked'],
    });
  });

  whenCerttool('GnuTLS refuses it and takes the others', () => {
    const certtool = (server: string): string =>
      attempt('certtool', [
        ...['--verify', '--load-ca-certificate', roots(), '--load-crl', bundle()],
        ...['--infile', join(live(server), 'server.cer')],
      ]);
    expect(certtool('web1')).toMatch(/revoked/iu);
    expect(certtool('web2')).toMatch(/The certificate is trusted/u);
  });

  whenKeytool(
    'Java reads the list',
    () => {
      const printed = attempt('keytool', [
        '-printcrl',
        '-file',
        join(zoneHome, 'crl/generation-1.crl'),
      ]);
      expect(printed).toMatch(/KEY_COMPROMISE/u);
    },
    60_000,
  );

  whenServed(
    'curl --crlfile ends a connection to a server that serves it',
    async () => {
      const fetch = async (server: string): Promise<readonly [status: number, out: string]> => {
        const nginx = await startNginx({ live: live(server) });
        try {
          const host = `${server}.example.com`;
          const words = [
            ...['--silent', '--show-error', '--cacert', roots(), '--crlfile', bundle()],
            ...['--resolve', `${host}:${nginx.port}:127.0.0.1`, `https://${host}:${nginx.port}/`],
          ];
          return await new Promise((resolve) => {
            execFile('curl', words, { env: toolEnvironment() }, (error, out, err) => {
              resolve([Number(error?.code ?? 0), out + err]);
            });
          });
        } finally {
          await nginx.stop();
        }
      };
      expect(await fetch('web2')).toEqual([0, 'ok']);
      const [status, said] = await fetch('web1');
      expect(status).toBe(60);
      expect(said).toContain('certificate revoked');
    },
    60_000,
  );
});

whenServed(
  'a client whose certificate is revoked is refused by nginx at once, by ca revoke alone',
  async () => {
    const home = join(zoneHome, 'servers/web2');
    const nginx = await startNginx({
      live: live('web2'),
      more: `ssl_client_certificate ${live('web2')}/ca.cert; ssl_crl ${home}/security/crl.pem; ssl_verify_client on;`,
    });
    try {
      await setReload('web2', nginx.reloadCommand);
      const agent = await issueWished(ctx, wish('agent', []));
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'agent.pem'), agent.certificate + agent.keyPem, { mode: 0o600 });
      const ask = (): string =>
        attempt('curl', [
          ...['--silent', '--cacert', roots(), '--cert', join(folder, 'agent.pem')],
          ...['--resolve', `web2.example.com:${nginx.port}:127.0.0.1`],
          `https://web2.example.com:${nginx.port}/`,
        ]);
      expect(ask()).toBe('ok');
      await revoke(agent.record.serial);
      await waitUntil('nginx to read the list', () =>
        Promise.resolve(ask().includes('The SSL certificate error')),
      );
    } finally {
      await nginx.stop();
      await setReload('web2', '');
    }
  },
  60_000,
);

describe('two generations of the CA', () => {
  beforeAll(async () => {
    await remint(ctx, { ca: true });
    await makeCrls();
  }, 60_000);

  whenOpenssl('each has its list, and clients of either root check the whole path', () => {
    expect(readFileSync(bundle(), 'utf8').match(/BEGIN X509 CRL/gu)).toHaveLength(2);
    for (const server of ['web1', 'web2']) {
      expect(openssl(server)).toContain('OK');
      expect(openssl(server, oldRoot)).toContain('OK');
    }
  });

  whenOpenssl('a certificate of the new one is revoked by its own list', async () => {
    await revoke('web2');
    expect(openssl('web2')).toContain('certificate revoked');
    expect(openssl('web2', oldRoot)).toContain('certificate revoked');
    expect(openssl('web1')).toContain('OK');
  });

  test('a rollback to the revoked certificate of before is refused, and changes nothing', async () => {
    const named = { members: ['web1'], operation: undefined };
    const plan = await planRollback(ctx, named, NOW);
    await expect(executeRollback(ctx, plan)).rejects.toMatchObject({ code: 'policy' });
  });

  test('the last list of the old one holds until its last certificate ends', async () => {
    await executeRetire(ctx, await planRetire(ctx, NOW));
    const [old] = await ctx.store.crlIssuers();
    if (old?.crl == null) throw new Error('the old generation has no list');
    const { nextUpdate, revoked } = parseCertificateList(crlDer(old));
    expect(nextUpdate).toBe(await ctx.store.lastEndOf(1));
    expect(revoked).toHaveLength(2);
    const { number } = old.crl;
    await makeCrls();
    const [after] = await ctx.store.crlIssuers();
    expect(after?.crl?.number).toBeGreaterThan(number);
    expect(after?.crl?.nextUpdate).toBe(nextUpdate);
  });
});
