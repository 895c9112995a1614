import { ZmintError } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import type { ContainerItem } from '../x509/container.js';
import { readContainer } from './read-container.js';

/** A file that was read, with its name for messages. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Each is tried on what is encrypted; the caller wipes them. */
  readonly passphrases: readonly Uint8Array[];
}

/** The things of one kind in a file, and what was passed over. */
export interface Bag {
  readonly items: readonly ContainerItem[];
  readonly notes: readonly string[];
}

const PEM_BLOCK = /-----BEGIN [^-\r\n]+-----[^-]*-----END [^-\r\n]+-----/gu;

/**
 * The certificates or CRLs in a file of any format. Of a PEM with several blocks, those that cannot be
 * read are passed over with a note: one odd root must not hide all the others. Throws `unreadable`
 * when nothing of that kind is left.
 */
export async function readBag(
  ctx: Pick<FormatContext, 'containers'>,
  file: NamedFile,
  kind: 'certificate' | 'crl',
): Promise<Bag> {
  const bag = await readAll(ctx, file);
  const items = bag.items.filter((item) => item.kind === kind);
  if (items.length > 0) return { items, notes: bag.notes };
  const what = kind === 'crl' ? 'CRL' : 'certificate';
  const why = bag.notes[0] ?? `${file.name}: it has no ${what} that can be read`;
  throw new ZmintError('unreadable', why, { hint: `zmint cert inspect ${file.name}` });
}

async function readAll(ctx: Pick<FormatContext, 'containers'>, file: NamedFile): Promise<Bag> {
  try {
    const { items } = await readContainer(ctx, file);
    return { items, notes: [] };
  } catch (error) {
    const blocks = new TextDecoder('latin1').decode(file.bytes).match(PEM_BLOCK) ?? [];
    if (!(error instanceof ZmintError) || error.code !== 'unreadable' || blocks.length < 2) {
      throw error;
    }
    return readEach(ctx, file, blocks);
  }
}

async function readEach(
  ctx: Pick<FormatContext, 'containers'>,
  file: NamedFile,
  blocks: readonly string[],
): Promise<Bag> {
  const items: ContainerItem[] = [];
  const notes: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const name = `${file.name}, block ${index + 1}`;
    try {
      const bytes = new TextEncoder().encode(block);
      items.push(...(await readContainer(ctx, { ...file, name, bytes })).items);
    } catch (error) {
      if (!(error instanceof ZmintError) || error.code !== 'unreadable') throw error;
      notes.push(error.message);
    }
  }
  return { items, notes };
}
