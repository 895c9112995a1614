import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { filePassphrases, wipe } from './file-passphrases.js';

/** As the error `unreadable` has it. */
const UNREADABLE = 20;

/** `zmint cert inspect FILE`. */
export const certInspect = defineCommand({
  name: 'cert inspect',
  summary: 'show what is in any certificate file',
  description:
    'Shows every certificate, request, revocation list and key in a file: PEM, DER, PKCS#7, PKCS#12, JKS or JCEKS, told apart by content and never by name. It says what each field and extension means, which key belongs to which certificate, what is wrong with each, and which chains they form. No zone is needed.\nWhat is encrypted is opened with --passphrase-file or --passphrase-fd; without a passphrase it is listed as encrypted. A private key itself is never shown. What is damaged among other things is listed, and the exit status is 20.',
  arguments: {
    file: { kind: 'required', value: 'FILE', summary: 'the file to look at', parse: text },
  },
  options: {
    keyPassphraseFile: {
      kind: 'list',
      flag: '--key-passphrase-file',
      value: 'FILE',
      summary: 'the passphrase of an entry that has one of its own; may be given several times',
      parse: text,
    },
  },
  changes: false,
  statuses: ['wrong-passphrase', 'not-found', 'unsafe-path', 'unreadable'],
  examples: [
    { line: 'zmint cert inspect web1.cer', shows: 'a certificate, whatever its form' },
    {
      line: 'zmint cert inspect web1.p12 --passphrase-file secret.txt',
      shows: 'what an encrypted store holds',
    },
  ],
  async run(session, input) {
    const { inspectContainer, readContainer } = await import('../../src/index.js');
    const { inspectionJson } = await import('./inspect-json.js');
    const { renderInspection } = await import('./inspect-view.js');
    const ctx = await session.formats();
    const bytes = await session.readFile(input.file);
    const passphrases = await filePassphrases(session, input.keyPassphraseFile);
    try {
      const request = { bytes, name: input.file, passphrases };
      const container = await readContainer(ctx, { ...request, tolerant: true });
      const damaged = container.items.filter(({ kind }) => kind === 'damaged').length;
      // Nothing else to show: the error says it better.
      if (damaged > 0 && damaged === container.items.length) await readContainer(ctx, request);
      const inspection = inspectContainer(ctx, container, session.now);
      return {
        ...(damaged > 0 ? { status: UNREADABLE } : {}),
        json: () => inspectionJson(input.file, inspection),
        text: () => renderInspection(input.file, inspection, session.terminal),
      };
    } finally {
      wipe(passphrases);
    }
  },
});
