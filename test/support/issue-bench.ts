import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executeIssue, type IssueReport } from '../../src/operations/execute-issue.js';
import type { IssueRequest } from '../../src/operations/issue-plan.js';
import { planIssue } from '../../src/operations/plan-issue.js';
import type { OperationContext } from '../../src/ports/context.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { parseIssuedName } from '../../src/zone/issued-names.js';
import type { IssuedPurpose } from '../../src/zone/issued-profile.js';
import type { ConstraintWish } from '../../src/zone/subordinate-profile.js';
import { toolEnvironment } from './tools.js';

/** The real time, by which openssl judges. */
export const ISSUED_AT = Math.floor(Date.now() / 1000);

const EMPTY: ConstraintWish = {
  permitDns: [],
  permitIp: [],
  permitEmail: [],
  excludeDns: [],
  excludeIp: [],
  excludeEmail: [],
};

/** A request for an end entity. */
export function wish(
  commonName: string,
  purposes: readonly IssuedPurpose[],
  sans: readonly string[] = [],
  more: Partial<IssueRequest> = {},
): IssueRequest {
  const names = sans.map(parseIssuedName);
  const kind = { is: 'end-entity', purposes, names, requestedNames: false } as const;
  return { commonName, kind, csr: null, keySpec: null, waiting: null, life: null, ...more };
}

/** A request for a CA below that of the zone. */
export function subordinate(constraints: Partial<ConstraintWish>): IssueRequest {
  const all = { ...EMPTY, ...constraints };
  const kind = { is: 'subordinate', pathLength: 0, constraints: all } as const;
  return { commonName: 'Lab CA', kind, csr: null, keySpec: null, waiting: null, life: null };
}

/** Plans and issues; throws when anything is recorded before the key was kept (I-4, I-8). */
export async function issueWished(
  ctx: OperationContext,
  request: IssueRequest,
): Promise<IssueReport & { readonly keyPem: string }> {
  const plan = await planIssue(ctx, request, ISSUED_AT);
  const newest = async (): Promise<number> => (await ctx.store.lastEvents(1))[0]?.sequence ?? 0;
  const before = await newest();
  let keyPem = '';
  const report = await executeIssue(ctx, plan, {
    keep: async ({ pem }) => {
      if ((await newest()) !== before)
        throw new Error('something was recorded before the key was kept');
      keyPem = new TextDecoder().decode(pem);
    },
    claim: async () => {
      if ((await newest()) !== before)
        throw new Error('something was recorded before the request was claimed');
    },
  });
  return { ...report, keyPem };
}

/** The root under which it was issued. */
export function rootOf(report: IssueReport): Certificate {
  return parseCertificate(report.trust[0] ?? new Uint8Array());
}

/** Runs openssl in a folder; what it says, also when it refuses. */
export function opensslIn(folder: string, ...words: readonly string[]): string {
  try {
    const how = { encoding: 'utf8', env: toolEnvironment(), stdio: 'pipe', cwd: folder } as const;
    return execFileSync('openssl', words, how);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

/** Writes a file that openssl is to read; its name. */
export function putIn(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return name;
}
