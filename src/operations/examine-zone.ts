import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import {
  EXAMINATIONS,
  notice,
  problem,
  type Examination,
  type Finding,
  type Remark,
} from '../zone/finding.js';
import type { Instant } from '../zone/instant.js';
import {
  examineClock,
  examineDatabase,
  examineEvents,
  examineTrustStore,
  examineWriter,
  examineZoneHome,
} from './examine-base.js';
import { examineAuthority, examineAuthorityKeys, examineCustody } from './examine-authority.js';
import { examineCrls } from './examine-crls.js';
import {
  examineFutureSets,
  examineHomes,
  examineProbes,
  examineRepos,
  examineServers,
} from './examine-members.js';
import { examineOperations } from './examine-operations.js';
import { examineBackup, examineSettings } from './examine-backup.js';
import type { Examined } from './examined.js';
import { readWhatCanBe, type Part } from './read-what-can-be.js';

interface Plan {
  /** Parts of the database without which it would tell nonsense. */
  readonly needs: readonly Part[];
  readonly examine: (examined: Examined) => Promise<readonly Remark[]>;
}

const MEMBERS: readonly Part[] = ['zone', 'members', 'sets'];

const PLANS: Readonly<Record<Examination, Plan>> = {
  database: { needs: [], examine: examineDatabase },
  events: { needs: ['events'], examine: examineEvents },
  clock: { needs: ['events'], examine: examineClock },
  writer: { needs: [], examine: examineWriter },
  'zone-home': { needs: [], examine: examineZoneHome },
  'trust-store': { needs: ['anchors'], examine: examineTrustStore },
  ca: { needs: ['authorities', 'certificates'], examine: examineAuthority },
  'ca-key': { needs: ['authorities', 'members', 'operations'], examine: examineAuthorityKeys },
  custody: { needs: ['zone', 'authorities'], examine: examineCustody },
  settings: { needs: [], examine: examineSettings },
  backup: { needs: ['authorities'], examine: examineBackup },
  crls: { needs: ['authorities', 'certificates', 'members'], examine: examineCrls },
  homes: { needs: [...MEMBERS, 'operations'], examine: examineHomes },
  servers: { needs: [...MEMBERS, 'certificates'], examine: examineServers },
  'future-sets': { needs: [...MEMBERS, 'certificates', 'operations'], examine: examineFutureSets },
  'remint-repo': { needs: [...MEMBERS, 'operations'], examine: examineRepos },
  operations: { needs: ['members', 'operations'], examine: examineOperations },
  probes: { needs: ['members'], examine: examineProbes },
};

/**
 * Looks at everything that can be wrong with a zone and says what mends it. It works when parts of
 * the zone are damaged and when everything has expired: each examination fails for itself. Only
 * what is no ZmintError is thrown.
 */
export async function examineZone(
  ctx: ReadContext,
  writer: Examined['writer'],
  now: Instant,
): Promise<readonly Finding[]> {
  const examined = { ...(await readWhatCanBe(ctx, now)), ctx, now, writer };
  const findings: Finding[] = [];
  ctx.progress.report({ type: 'begin', step: 'examine', total: EXAMINATIONS.length });
  for (const [index, examination] of EXAMINATIONS.entries()) {
    const remarks = await examineOne(PLANS[examination], examined);
    findings.push(...remarks.map((remark) => ({ examination, ...remark })));
    ctx.progress.report({ type: 'advance', step: 'examine', done: index + 1 });
  }
  ctx.progress.report({ type: 'end', step: 'examine' });
  return findings;
}

async function examineOne(plan: Plan, examined: Examined): Promise<readonly Remark[]> {
  const missing = plan.needs.filter((part) => examined.failures.has(part));
  if (missing.length > 0)
    return [notice(`not looked at: the ${missing.join(', ')} cannot be read`)];
  try {
    return await plan.examine(examined);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return [problem(error.code, error.message, error.hint ?? 'zmint status')];
  }
}
