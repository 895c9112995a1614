import { ZmintError } from '../../src/errors.js';
import {
  DEFAULT_KEY_SPEC,
  executeActivation,
  executeAdd,
  executeInit,
  executeRemint,
  executeSet,
  planActivation,
  planAdd,
  planInit,
  planRemint,
  planSet,
  type Instant,
  type Member,
  type MemberInput,
  type OperationContext,
  type OperationReport,
} from '../../src/index.js';
import { createZone, openZoneForWriting } from '../zone-access.js';

const AN_HOUR = 3600;
const LOOKS = 50;
const LOOK_PAUSE = 0.1;
const SILENT = { report: () => undefined };
const NO_PASSPHRASE = {
  fd: undefined,
  file: undefined,
  ask: (question: string) => Promise.reject(new ZmintError('question-unanswered', question)),
};

/** A zone of the quickstart, changed as the commands do: each opens it, plans, executes, closes it. */
export class QuickZone {
  readonly #zoneHome: string;

  constructor(zoneHome: string) {
    this.#zoneHome = zoneHome;
  }

  /** `zmint init`, without a passphrase. */
  async create(server: MemberInput): Promise<void> {
    const { context, close } = await createZone(this.#request('init'));
    try {
      const request = {
        name: 'Quickstart',
        server,
        keySpec: DEFAULT_KEY_SPEC,
        years: null,
        commonName: null,
        custody: 'no-passphrase' as const,
      };
      await executeInit(context, planInit(request, context.clock.now()));
    } finally {
      close();
    }
  }

  /** `zmint server add`, for several. Throws what the first that failed did. */
  add(members: readonly MemberInput[]): Promise<void> {
    return this.#change('server add', async (ctx, now) => {
      const { failed } = await executeAdd(ctx, await planAdd(ctx, { members, mint: true }, now));
      const [first] = failed;
      if (first !== undefined) throw first.error;
    });
  }

  /** Runs the reload commands, as at every switch, and waits until each server answers. */
  load(names: readonly string[]): Promise<void> {
    return this.#change('server add', async (ctx) => {
      for (const member of await ctx.store.members()) {
        if (names.includes(member.name)) await loadServer(ctx, member);
      }
    });
  }

  /** `zmint ssl remint --ca --activate-at 1h`: everything is made and staged, nothing activated. */
  remint(): Promise<OperationReport> {
    return this.#change('ssl remint', async (ctx, now) => {
      const plan = await planRemint(ctx, { ...REMINT_CA, activateAt: inAnHour(now) }, now);
      if (plan === undefined) throw new ZmintError('bug', 'the remint has nothing to do');
      return refuseFailed(await executeRemint(ctx, plan));
    });
  }

  /** `zmint ssl activate --now`. */
  activate(): Promise<OperationReport> {
    return this.#change('ssl activate', async (ctx, now) => {
      const plan = await planActivation(ctx, { members: [], atOnce: true }, now);
      const [report] = await executeActivation(ctx, plan);
      if (report === undefined) throw new ZmintError('bug', 'there is nothing to activate');
      return refuseFailed(report);
    });
  }

  /** `zmint server set NAME --reload '' --probe ''`: the servers are gone, the zone stays usable. */
  forget(names: readonly string[]): Promise<void> {
    return this.#change('server set', async (ctx, now) => {
      for (const name of names) {
        await executeSet(ctx, await planSet(ctx, name, { reload: '', probe: '' }, now));
      }
    });
  }

  /** The roots in the published trust bundle, PEM, in its order. */
  roots(): Promise<readonly string[]> {
    return this.#change('status', async (ctx) => {
      const bundle = new TextDecoder().decode(await ctx.folder.readTrust());
      return bundle.match(/-----BEGIN [\s\S]+?-----END [^-]+-----\n/gu) ?? [];
    });
  }

  async #change<T>(
    command: string,
    work: (ctx: OperationContext, now: Instant) => Promise<T>,
  ): Promise<T> {
    const { context, close } = await openZoneForWriting(this.#request(command));
    try {
      return await work(context, context.clock.now());
    } finally {
      close();
    }
  }

  #request(command: string): Parameters<typeof openZoneForWriting>[0] {
    return {
      zoneHome: this.#zoneHome,
      command,
      progress: SILENT,
      passphrase: NO_PASSPHRASE,
      pin: NO_PASSPHRASE,
    };
  }
}

const REMINT_CA = {
  servers: [],
  all: false,
  ca: true,
  dueWithin: null,
  keepKey: false,
  keySpec: null,
  years: null,
  commonName: null,
  includeDns: null,
  updateName: null,
  policy: null,
  compromised: false,
};

function inAnHour(now: Instant): { readonly when: 'at'; readonly instant: Instant } {
  return { when: 'at', instant: now + AN_HOUR };
}

function refuseFailed(report: OperationReport): OperationReport {
  const [first] = report.failed.shown;
  if (first === undefined) return report;
  const why = first.part.problem?.message ?? 'no reason is known';
  throw new ZmintError('partial', `${first.member.name} failed: ${why}`);
}

async function loadServer(ctx: OperationContext, member: Member): Promise<void> {
  const { exitCode, output } = await ctx.services.reload(member.reload ?? '', 10);
  if (exitCode !== 0) throw new ZmintError('reload-failed', `${member.name}: ${output.trim()}`);
  for (let look = 1; ; look += 1) {
    try {
      await ctx.network.look(member.probe ?? '', member.dnsName ?? member.name, 5);
      return;
    } catch (error) {
      if (look === LOOKS) throw error;
      await ctx.clock.sleep(LOOK_PAUSE);
    }
  }
}
