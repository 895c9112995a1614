import { ZmintError } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import { atPlace, toldAtPlace } from '../x509/at-place.js';
import type { Container, ContainerItem } from '../x509/container.js';
import { createWorkBudget } from '../x509/derivation-cost.js';
import { parseFile, type FilePart } from '../x509/parse-file.js';
import { openKeystore } from './open-keystore.js';
import { openPfx } from './open-pfx.js';
import { openItem, type Unlocking } from './unlock-item.js';

/** A file to be read. */
export interface ContainerRequest {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly name: string;
  /** Each is tried on everything that is encrypted; the caller wipes them. */
  readonly passphrases: readonly Uint8Array[];
  /** Things that are damaged become items, so that the others can be used; otherwise they are an error. */
  readonly tolerant?: boolean;
}

/** Rounds of all derivations in a file, and for trying the empty passphrase when nobody gave one. */
const WORK = 10_000_000;
const UNASKED_WORK = 2_500_000;

/**
 * Reads whatever holds certificates or keys: PEM, DER, PKCS#7, PKCS#12, JKS, JCEKS, told apart by
 * content. What no passphrase opens is an item of its own. Throws `unreadable` naming file, place and
 * fact; `wrong-passphrase` when passphrases were given, something is locked and none opened anything.
 */
export async function readContainer(
  ctx: Pick<FormatContext, 'containers'>,
  request: ContainerRequest,
): Promise<Container> {
  const { name, passphrases } = request;
  const unlocking: Unlocking = {
    containers: ctx.containers,
    passphrases,
    budget: createWorkBudget(WORK),
    trial: createWorkBudget(UNASKED_WORK),
    opened: 0,
  };
  try {
    const container = await readParts(request, unlocking);
    if (request.tolerant !== true) refuseDamage(container);
    refuseWrongPassphrase(container, unlocking, name);
    return container;
  } catch (error) {
    throw toldAtPlace(name, error);
  }
}

async function readParts(request: ContainerRequest, unlocking: Unlocking): Promise<Container> {
  const file = atPlace('', () => parseFile(request.bytes));
  if (file.kind === 'keystore') return openKeystore(file.keystore, unlocking);
  const items: ContainerItem[] = [];
  const notes: string[] = [...file.notes];
  for (const part of file.parts) {
    const opened = await openPart(part, unlocking);
    items.push(...opened.items);
    notes.push(...opened.notes);
  }
  return { format: file.format, items, notes };
}

async function openPart(
  part: FilePart,
  unlocking: Unlocking,
): Promise<Pick<Container, 'items' | 'notes'>> {
  try {
    if (part.kind === 'pfx') return await openPfx(part.pfx, unlocking);
    return { items: [await openItem(part, unlocking)], notes: [] };
  } catch (error) {
    throw toldAtPlace(part.where, error);
  }
}

function refuseDamage({ items }: Container): void {
  for (const item of items) {
    if (item.kind !== 'damaged') continue;
    throw new ZmintError('unreadable', `${item.where}: ${item.reason}`);
  }
}

function refuseWrongPassphrase(container: Container, unlocking: Unlocking, name: string): void {
  if (unlocking.passphrases.length === 0 || unlocking.opened > 0) return;
  const locked = container.items.find(
    ({ kind }) => kind === 'encrypted-key' || kind === 'encrypted-part',
  );
  if (locked === undefined) return;
  throw new ZmintError('wrong-passphrase', `the passphrase does not open ${name}`, {
    hint: 'give the right one with --passphrase-file FILE; zmint cert inspect without one shows what is in clear',
    details: { name, where: locked.where },
  });
}
