import { renderInstant, type MergePlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';

/** What a merge is about to write. */
export function renderMergePlan(plan: MergePlan): string {
  return `Plan: ${plan.present === 'same' ? 'leave' : 'write'} ${escapeText(plan.out)}\n\n${sourceLines(plan)}`;
}

/** What a merge has done: one line, so that cron mails little. */
export function renderMerged(plan: MergePlan): string {
  const count = counted(plan.certificates.length, 'certificate');
  const out = escapeText(plan.out);
  if (plan.present === 'same') return `${out} is as its sources say (${count}).`;
  const files = counted(plan.sources.length, 'source');
  const twice = plan.duplicates === 0 ? '' : `, ${plan.duplicates} of them more than once`;
  return `Wrote ${count} from ${files} to ${out}${twice}.`;
}

/** The same for scripts. */
export function mergeJson(plan: MergePlan): JsonDocument {
  return {
    out: plan.out,
    sources: plan.sources,
    duplicates: plan.duplicates,
    policy: plan.policy,
    warnings: plan.warnings,
    certificates: plan.certificates.map(({ certificate, fingerprint, label, from }) => ({
      sha256: fingerprint,
      subject: certificate.subject.text,
      notAfter: renderInstant(certificate.notAfter),
      label,
      from,
    })),
  };
}

function sourceLines({ sources, certificates, duplicates }: MergePlan): string {
  const lines = sources.map(
    ({ path, certificates: count }) => `  ${escapeText(path)}: ${counted(count, 'certificate')}\n`,
  );
  const sum = `  together ${counted(certificates.length, 'certificate')}, ${duplicates} left out as there already\n`;
  return `${lines.join('')}${sum}`;
}
