import {
  convertContainer,
  hasKeys,
  readContainer,
  requireLossless,
  selectItems,
  type Container,
  type ContainerItem,
  type FormatContext,
  type Target,
} from '../../src/index.js';
import type { InputOf, Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import type { Session } from '../cli/session.js';
import type { CONVERT_ARGUMENTS, CONVERT_OPTIONS } from './convert-options.js';
import { wipe } from './file-passphrases.js';
import { kindWords, ownerWords } from './item-words.js';
import { outPassphrase } from './out-passphrase.js';
import { warnOfStore } from './warn-of-store.js';

/** What was asked for, with what must be given. */
export type ConvertInput = InputOf<typeof CONVERT_ARGUMENTS, typeof CONVERT_OPTIONS> & {
  readonly to: Target;
  readonly out: string;
};

const STORES: ReadonlySet<Container['format']> = new Set(['pkcs12', 'jks', 'jceks']);

/**
 * Reads, chooses, asks, writes and tells what was written. Throws what reading and writing throw,
 * before anything is changed.
 */
export async function convertFile(
  session: Session,
  input: ConvertInput,
  passphrases: readonly Uint8Array[],
): Promise<Outcome> {
  await session.requirePlace(input.out, 'file');
  const ctx = await session.formats();
  const { items, wasEncrypted, notes } = await gather(session, ctx, { input, passphrases });
  requireLossless(items, input.to);
  const secret = hasKeys(items);
  if ((await confirmed(session, input, items)) === 'dry-run') return outcome(input, items, true);
  const passphrase = await outPassphrase(session, {
    file: input.outPassphraseFile,
    none: input.noOutPassphrase,
    isStore: input.to === 'p12' || input.to === 'jks',
    hasKeys: secret,
    wasEncrypted,
  });
  try {
    warnOfStore(session, input.to, passphrase);
    for (const note of notes) session.warn(note);
    const { to, alias, legacy } = input;
    const conversion = { items, to, alias, legacy, passphrase, now: session.now };
    const bytes = await convertContainer(ctx, conversion);
    await session.writeFile(input.out, bytes, secret ? 'secret' : undefined);
    return outcome(input, items, false);
  } finally {
    if (passphrase !== null) wipe([passphrase]);
  }
}

interface Gathered {
  readonly items: readonly ContainerItem[];
  readonly wasEncrypted: boolean;
  readonly notes: readonly string[];
}

async function gather(
  session: Session,
  ctx: FormatContext,
  { input, passphrases }: { input: ConvertInput; passphrases: readonly Uint8Array[] },
): Promise<Gathered> {
  const read = async (name: string): Promise<Container> => {
    const bytes = await session.readFile(name);
    return readContainer(ctx, { bytes, name, passphrases });
  };
  const main = await read(input.file);
  const more = input.key === undefined ? undefined : await read(input.key);
  const keys = more === undefined ? [] : selectItems(ctx, more.items, 'keys');
  const wanted = selectItems(ctx, main.items, input.only);
  return {
    items: [...wanted, ...keys],
    wasEncrypted:
      passphrases.length > 0 || STORES.has(main.format) || STORES.has(more?.format ?? 'pem'),
    notes: wanted.some((item) => item.kind === 'certificate' && item.trust !== null)
      ? ['the trust settings beside the certificate are not written']
      : [],
  };
}

async function confirmed(
  session: Session,
  { out, to }: ConvertInput,
  items: readonly ContainerItem[],
): Promise<'go' | 'dry-run'> {
  const exists = await session.exists(out);
  if (!exists && !session.dryRun) return 'go';
  const what = items.map((item) => `  ${kindWords(item)}: ${escapeText(ownerWords(item))}`);
  const plan = `write ${escapeText(out)} as ${to}:\n${what.join('\n')}`;
  return session.confirm({ plan, question: `Replace ${escapeText(out)}?` });
}

function outcome(input: ConvertInput, items: readonly ContainerItem[], dryRun: boolean): Outcome {
  const { file, out, to } = input;
  const words = items.map((item) => ({ kind: item.kind, of: ownerWords(item), alias: item.alias }));
  const lines = items.map((item) => `  ${kindWords(item)}: ${escapeText(ownerWords(item))}\n`);
  const head = dryRun ? '' : `wrote ${escapeText(out)} (${to})\n`;
  return {
    json: { file, out, to, dryRun, items: words },
    text: dryRun ? '' : head + lines.join(''),
  };
}
