import { readRootFiles, renderRootFile } from '../../src/index.js';
import { wipe } from '../cert/file-passphrases.js';
import { outPassphrase } from '../cert/out-passphrase.js';
import { warnOfStore } from '../cert/warn-of-store.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import type { ExportInput } from './export-options.js';

/** Writes the zone's roots to a file, after a question when it is there; returns what it did. */
export async function exportRoots(
  session: Session,
  input: ExportInput,
  to: 'pem' | 'p12' | 'jks',
): Promise<Outcome> {
  const out = session.absolute(input.out ?? '');
  await session.requirePlace(out, 'file');
  const roots = await readRootFiles(await session.open());
  const json: JsonDocument = {
    to,
    out,
    roots: roots.map(({ alias, fingerprint }) => ({ alias, sha256: fingerprint })),
  };
  if (session.dryRun || (await session.exists(out))) {
    const lines = roots.map(({ alias, subject }) => `  ${alias}: ${escapeText(subject)}\n`);
    const plan = `Plan: write ${escapeText(out)} as ${to}\n\n${lines.join('')}`;
    const answer = await session.confirm({ plan, question: `Replace ${escapeText(out)}?` });
    if (answer === 'dry-run') {
      return { json: { dryRun: true, ...json }, text: 'Nothing was changed: this was a dry run.' };
    }
  }
  const passphrase = await outPassphrase(session, {
    file: input.outPassphraseFile,
    none: input.noOutPassphrase,
    isStore: to !== 'pem',
    hasKeys: false,
    wasEncrypted: false,
  });
  try {
    warnOfStore(session, to, passphrase);
    const ctx = await session.formats();
    const bytes = await renderRootFile(ctx, roots, { to, passphrase, now: session.now });
    await session.writeFile(out, bytes);
  } finally {
    if (passphrase !== null) wipe([passphrase]);
  }
  const text = `Wrote ${counted(roots.length, 'root')} to ${escapeText(out)} (${to}).`;
  return { json: { dryRun: false, ...json }, text };
}
