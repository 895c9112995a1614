import { ZmintError } from '../../src/errors.js';
import type { MergePlan } from '../../src/index.js';
import { defineCommand, type JsonDocument, type Outcome } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { PARTNER_ROOT } from './given.js';
import { mergeJson, renderMergePlan, renderMerged } from './merge-view.js';

/** `zmint truststore merge`: one file of trusted certificates from several. */
export const truststoreMerge = defineCommand({
  name: 'truststore merge',
  summary: 'merge trust from several sources',
  description:
    'Makes one PEM file for agents from several: the sources in their order, then what a policy names. Each certificate is in it once, by its SHA-256; the first one stays, with the comment above it. Agents that try one after the other find the most likely first when it comes first in the sources.\nThe file is written only when it is not what the sources give, whole and by one rename, so that cron may run this every minute and readers see the old file or the new one. A source that is missing, empty or damaged is an error and the file stays as it is: nothing vanishes because a file did. A file that was not made by a merge is replaced only after a question or with --yes.\nA policy has the lines verify-peer, verify-host, ca-file and ca-path, each with = and a value, or is the XML file with a CurlSSL element that a management server sends. No zone is needed.',
  arguments: {
    sources: {
      kind: 'rest',
      value: 'SOURCE',
      summary: 'PEM files, the most important first',
      parse: text,
    },
  },
  options: {
    out: { kind: 'value', flag: '--out', value: 'FILE', summary: 'the merged file', parse: text },
    policy: {
      kind: 'value',
      flag: '--policy',
      value: 'FILE',
      summary: 'a policy that names a CA file and a CA path',
      parse: text,
    },
    allowMissing: {
      kind: 'flag',
      flag: '--allow-missing',
      summary: 'a source that is missing or empty has no certificates',
    },
  },
  changes: true,
  statuses: ['question-unanswered', 'unsafe-path', 'unreadable', 'policy', 'storage'],
  examples: [
    {
      line: 'zmint truststore merge --out cainfo-merged.pem partner-root.pem',
      shows: 'the first time; the second time nothing is written',
      given: PARTNER_ROOT,
    },
    {
      line: 'zmint truststore merge --out cainfo-merged.pem partner-root.pem cainfo-ss.pem --allow-missing',
      shows: 'a source that is not there yet',
      given: PARTNER_ROOT,
    },
  ],
  async run(session, { sources, out, policy, allowMissing }): Promise<Outcome> {
    if (out === undefined) throw new ZmintError('usage', '--out is missing: the file to write');
    if (sources.length === 0 && policy === undefined) {
      throw new ZmintError('usage', 'which files are to be merged?');
    }
    await session.requirePlace(out, 'file');
    const { planMerge, executeMerge } = await import('../../src/index.js');
    const ctx = await session.outside();
    const plan = await planMerge(ctx, {
      sources: sources.map((each) => session.absolute(each)),
      policy: policy === undefined ? undefined : session.absolute(policy),
      out: session.absolute(out),
      allowMissing,
      now: session.now,
    });
    for (const warning of plan.warnings) session.warn(warning);
    if (session.dryRun || plan.present === 'foreign') {
      const question = `Replace ${plan.out}, which was not made by a merge?`;
      const answer = await session.confirm({ plan: renderMergePlan(plan), question });
      if (answer === 'dry-run') return outcome(plan, true);
    }
    await executeMerge(ctx, plan);
    return outcome(plan, false);
  },
});

function outcome(plan: MergePlan, dryRun: boolean): Outcome {
  const json = (): JsonDocument => ({
    dryRun,
    written: !dryRun && plan.present !== 'same',
    ...mergeJson(plan),
  });
  return {
    json,
    text: () => (dryRun ? 'Nothing was changed: this was a dry run.' : renderMerged(plan)),
  };
}
