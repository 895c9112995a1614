import { ZmintError } from '../../src/errors.js';
import { driveMembers, type Drive, type DriveRun } from '../../src/operations/drive-members.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { ProgressEvent } from '../../src/ports/progress.js';
import type { AuditEntry } from '../../src/zone/audit-event.js';
import type { Member } from '../../src/zone/member.js';
import type { MemberSet } from '../../src/zone/member-set.js';
import type { Operation, OperationMember } from '../../src/zone/operation.js';

export interface FakeServer {
  readonly name: string;
  readonly reload?: string;
  readonly probe?: boolean;
  readonly order?: number;
  /** There is no set from before. */
  readonly noBack?: boolean;
}

export interface Troubles {
  /** Commands that end with status 1. */
  readonly reloads?: readonly string[];
  /** Servers that do not answer. */
  readonly looks?: readonly string[];
  /** Servers whose link cannot be switched to the new set. */
  readonly links?: readonly string[];
  /** The flush, counted from 1, that fails. */
  readonly flush?: number;
}

/** Every effect in its order, and what was reported and recorded. */
export interface DriveRig {
  readonly log: readonly string[];
  readonly live: ReadonlyMap<string, number | undefined>;
  readonly events: readonly ProgressEvent[];
  readonly entries: readonly AuditEntry[];
  drive(run?: Partial<Pick<DriveRun, 'limits' | 'progress'>>): Promise<readonly OperationMember[]>;
}

/** Servers at set 1 that are to go to set 2, behind ports that only note what is asked of them. */
export function driveRig(servers: readonly FakeServer[], troubles: Troubles = {}): DriveRig {
  const log: string[] = [];
  const events: ProgressEvent[] = [];
  const entries: AuditEntry[] = [];
  const live = new Map<string, number | undefined>(servers.map(({ name }) => [name, 1]));
  let flushes = 0;
  const homes = {
    live: (home: string) => Promise.resolve(live.get(home)),
    observe: (home: string) => Promise.resolve({ live: live.get(home), generations: [1, 2] }),
    switchLive: (home: string, number: number) => {
      if (number === 2 && troubles.links?.includes(home) === true)
        return Promise.reject(new ZmintError('damaged', `the set of ${home} is not complete`));
      const before = live.get(home);
      live.set(home, number);
      log.push(`link ${home} ${number}`);
      return Promise.resolve(before);
    },
    unlinkLive: (home: string) => {
      live.delete(home);
      return Promise.resolve();
    },
  };
  const flush = (): Promise<void> => {
    flushes += 1;
    log.push('flush');
    if (flushes !== troubles.flush) return Promise.resolve();
    return Promise.reject(new ZmintError('storage', 'the disk is gone'));
  };
  const ctx = {
    homes: { ...homes, deferred: () => ({ ...homes, flush }) },
    services: {
      reload: async (command: string) => {
        log.push(`reload ${command}`);
        await Promise.resolve();
        const fails = troubles.reloads?.includes(command) === true;
        return { exitCode: fails ? 1 : 0, timedOut: false, output: fails ? 'no' : '' };
      },
    },
    network: {
      look: (_target: string, name: string) => {
        log.push(`look ${name}`);
        if (troubles.looks?.includes(name) === true)
          throw new ZmintError('unreachable', `${name} is away`, {
            details: { reason: 'refused' },
          });
        return Promise.resolve({ chain: [new Uint8Array(1)], protocol: 'TLSv1.3' });
      },
    },
    digest: { sha256: () => 'leaf' },
    clock: {
      now: () => 0,
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
    },
    progress: { report: (event: ProgressEvent) => events.push(event) },
    store: {
      commit: (entry: AuditEntry) => {
        log.push('commit');
        entries.push(entry);
        return Promise.resolve();
      },
    },
    actor: 'tester',
  } as unknown as OperationContext;
  return {
    log,
    live,
    events,
    entries,
    drive: (run = {}) => driveMembers(ctx, { ...runOf(), ...run }, servers.map(driveOf)),
  };
}

function runOf(): DriveRun {
  return {
    operation: { id: 'op-1' } as Operation,
    step: 'activate',
    what: 'servers-activated',
    now: 0,
    settle: ({ part }, outcome) =>
      Promise.resolve({
        part: outcome.ok
          ? { ...part, evidence: outcome.evidence }
          : { ...part, problem: { code: outcome.code, message: outcome.message, at: 0 } },
        changes: [],
      }),
  };
}

function driveOf(server: FakeServer): Drive {
  const { name, reload = null, probe = false, order = 1, noBack = false } = server;
  const member = {
    id: `id of ${name}`,
    name,
    dnsName: name,
    reload,
    probe: probe ? '127.0.0.1:1' : null,
  } as Member;
  const set = (number: number): MemberSet => ({ number, leaf: 'leaf', chain: [] }) as never;
  const part = {
    memberId: member.id,
    order,
    problem: null,
    evidence: null,
    update: 'not-assigned',
  };
  return {
    part: part as OperationMember,
    job: { member, home: name, to: set(2), back: noBack ? undefined : set(1) },
  };
}
