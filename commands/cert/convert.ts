import { ZmintError } from '../../src/errors.js';
import type { Container, ContainerItem, FormatContext, Target } from '../../src/index.js';
import { defineCommand, type InputOf, type Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import type { Session } from '../cli/session.js';
import { CONVERT_ARGUMENTS, CONVERT_OPTIONS } from './convert-options.js';
import { filePassphrases, wipe } from './file-passphrases.js';
import { kindWords, ownerWords } from './item-words.js';
import { outPassphrase } from './out-passphrase.js';

const LEAST_JKS_CHARACTERS = 6;
const STORES: ReadonlySet<Container['format']> = new Set(['pkcs12', 'jks', 'jceks']);

/** `zmint cert convert FILE --to FORMAT --out FILE`. */
export const certConvert = defineCommand({
  name: 'cert convert',
  summary: 'convert between certificate formats',
  description:
    'Writes what is in a file in another format: PEM, DER, PKCS#7 (p7b), PKCS#12 (p12) or a Java keystore (jks). The format of the input is told by its content. Nothing is left out in silence: what the target cannot hold is refused unless --only says what is wanted. A file with a private key is written with mode 0600; an existing file is replaced only after a question or with --yes. No zone is needed.\nPKCS#12 is written with AES-256 and 600000 rounds of PBKDF2; --legacy writes triple DES for readers that know nothing newer. Keys in PEM and DER are written as PKCS#8, encrypted when a passphrase is given.',
  arguments: CONVERT_ARGUMENTS,
  options: CONVERT_OPTIONS,
  changes: true,
  statuses: [
    'wrong-passphrase',
    'not-found',
    'unsafe-path',
    'unreadable',
    'key-mismatch',
    'policy',
    'question-unanswered',
    'storage',
  ],
  examples: [
    {
      line: 'zmint cert convert web1.p12 --passphrase-file in.txt --to pem --out web1.pem --no-out-passphrase',
      shows: 'the certificates and the key of a store, the key in clear',
    },
    {
      line: 'zmint cert convert web1.cer --key web1.key --to p12 --out web1.p12 --out-passphrase-file out.txt',
      shows: 'a certificate and its key into one store',
    },
    {
      line: 'zmint cert convert chain.p7b --only leaf --to der --out web1.der',
      shows: 'the certificate of the server alone',
    },
  ],
  async run(session, given) {
    const input = requireTarget(given);
    refuseContradictions(input);
    const passphrases = await filePassphrases(session, input.keyPassphraseFile);
    try {
      return await convert(session, input, passphrases);
    } finally {
      wipe(passphrases);
    }
  },
});

type GivenInput = InputOf<typeof CONVERT_ARGUMENTS, typeof CONVERT_OPTIONS>;

/** The input with what must be given. */
type ConvertInput = GivenInput & { readonly to: Target; readonly out: string };

function requireTarget(input: GivenInput): ConvertInput {
  const { to, out } = input;
  if (to === undefined) throw new ZmintError('usage', '--to is missing: pem, der, p7b, p12 or jks');
  if (out === undefined) throw new ZmintError('usage', '--out is missing: the file to write');
  return { ...input, to, out };
}

function refuseContradictions({ to, legacy, alias, noOutPassphrase }: ConvertInput): void {
  const isStore = to === 'p12' || to === 'jks';
  if (legacy && to !== 'p12') throw new ZmintError('usage', '--legacy is for --to p12 alone');
  if (alias !== undefined && !isStore) {
    throw new ZmintError('usage', `${to} has no names: --alias is for p12 and jks`);
  }
  if (to === 'jks' && noOutPassphrase) {
    throw new ZmintError('usage', 'a Java keystore cannot do without a passphrase');
  }
}

async function convert(
  session: Session,
  input: ConvertInput,
  passphrases: readonly Uint8Array[],
): Promise<Outcome> {
  const { convertContainer, hasKeys, requireLossless } = await import('../../src/index.js');
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
    warnOf(session, input.to, passphrase);
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
  const { readContainer, selectItems } = await import('../../src/index.js');
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

function warnOf(session: Session, to: Target, passphrase: Uint8Array | null): void {
  if (passphrase === null) return;
  if (to === 'jks') {
    const characters = passphrase.filter((octet) => (octet & 0xc0) !== 0x80).length;
    if (characters < LEAST_JKS_CHARACTERS) {
      throw new ZmintError(
        'policy',
        'keytool opens no store with a passphrase of under 6 characters',
        {
          hint: 'choose a longer one',
        },
      );
    }
    session.warn('JKS protects keys weakly; prefer --to p12, which Java reads too');
  }
  if (to !== 'pem' && to !== 'der' && passphrase.some((octet) => octet >= 0x80)) {
    session.warn('keytool cannot open stores whose passphrase is not ASCII');
  }
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
