import { ZmintError } from '../../src/errors.js';
import type { AddAnchorsPlan, AddAnchorsRequest } from '../../src/index.js';
import { filePassphrases, wipe } from '../cert/file-passphrases.js';
import { defineCommand, type InputOf, type Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { addNotes, addPlanJson, renderAddPlan } from './add-view.js';
import { PARTNER_ROOT, PARTNER_TRUSTED } from './given.js';

const ARGUMENTS = {
  file: {
    kind: 'required',
    value: 'FILE',
    summary: 'certificates in any format; its roots are taken',
    parse: text,
  },
} as const;

const OPTIONS = {
  alias: {
    kind: 'value',
    flag: '--alias',
    short: '-a',
    value: 'NAME',
    summary: 'the name of the root; otherwise made from its subject',
    parse: text,
  },
  replace: {
    kind: 'flag',
    flag: '--replace',
    short: '-Z',
    summary: 'another root under that alias gives way',
  },
} as const;

/** `zmint truststore add`, `zmint add-ca-to-truststore`: the zone trusts another root. */
export const truststoreAdd = defineCommand({
  name: 'truststore add',
  summary: 'trust a root',
  description:
    'Adds the root of an external CA to the trust of the zone, from a file in any format (PEM, DER, PKCS#7, PKCS#12, JKS). Certificates in the file that are no roots are left out, and it is said so. A root that is trusted already stays as it is. An alias that another root has stays with that root, unless -Z is given.\nThe root is in truststore/cacerts.pem at once. Servers and devices get it with their next set; the command says which one brings it to them at once. A remint or a change of the CA keeps added roots: there is no need to add them again.',
  arguments: ARGUMENTS,
  options: OPTIONS,
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'plan-outdated',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'not-valid-then',
    'policy',
    'storage',
  ],
  examples: [
    {
      line: 'zmint truststore add partner-root.pem --alias partner --yes',
      shows: 'the root of a partner',
      given: PARTNER_ROOT,
    },
    {
      line: 'zmint add-ca-to-truststore partner-root.pem --alias partner -Z --yes',
      shows: 'the same by its old name; what the alias stood for gives way',
      given: PARTNER_TRUSTED,
    },
  ],
  async run(session, input) {
    const request = await readRequest(session, input);
    const { planAddAnchors, executeAddAnchors, parseAnchorAlias } =
      await import('../../src/index.js');
    if (input.alias !== undefined) parseAnchorAlias(input.alias);
    let latest: AddAnchorsPlan | undefined;
    const decision = await runPlanned<AddAnchorsPlan>(session, {
      command: 'truststore add',
      plan: async (ctx, now) => {
        latest = await planAddAnchors(ctx, request, now);
        return latest.add.length > 0 || latest.stale ? latest : undefined;
      },
      show: (plan) => ({
        plan: renderAddPlan(plan, session.terminal.width, session.offsetAt),
        question:
          plan.add.length === 0
            ? 'Render the trust store again?'
            : `Trust ${counted(plan.add.length, 'root')}?`,
      }),
    });
    if (decision.answer === 'go') await executeAddAnchors(decision.ctx, decision.plan);
    const plan = decision.answer === 'nothing' ? latest : decision.plan;
    if (plan === undefined) throw new ZmintError('bug', 'roots were added without a plan');
    return outcome(plan, decision.answer === 'dry-run');
  },
});

async function readRequest(
  session: Session,
  input: InputOf<typeof ARGUMENTS, typeof OPTIONS>,
): Promise<AddAnchorsRequest> {
  const passphrases = await filePassphrases(session, []);
  try {
    const { readContainer } = await import('../../src/index.js');
    const bytes = await session.readFile(input.file);
    const name = input.file;
    const { items } = await readContainer(await session.formats(), { bytes, name, passphrases });
    return { items, where: name, alias: input.alias, replace: input.replace };
  } finally {
    wipe(passphrases);
  }
}

function outcome(plan: AddAnchorsPlan, dryRun: boolean): Outcome {
  const json = { dryRun, ...addPlanJson(plan) };
  if (dryRun) return { json, text: 'Nothing was changed: this was a dry run.' };
  const lines = plan.add.map(({ alias }) => `Trusted as ${alias}.`);
  return {
    json,
    text: [...lines, ...(lines.length === 0 ? addNotes(plan).map(escapeText) : [])].join('\n'),
    diagnostics: plan.next === null ? [] : [waitingLine(plan.waiting.length, plan.next)],
  };
}

function waitingLine(count: number, next: string): string {
  const gets = count === 1 ? 'gets' : 'get';
  return `${counted(count, 'member')} ${gets} it with the next set; at once: ${next}`;
}
