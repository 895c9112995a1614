import { ZmintError } from '../errors.js';
import type { ContainerCrypto, Passphrase } from '../ports/container-crypto.js';
import type { ContainerItem, EncryptedData, ItemContent } from '../x509/container.js';
import type { WorkBudget } from '../x509/derivation-cost.js';
import { readItem } from '../x509/read-item.js';
import { recognizeDer } from '../x509/recognize-der.js';

/** The passphrases for one file, and how they fared. */
export interface Unlocking {
  readonly containers: ContainerCrypto;
  readonly passphrases: readonly Uint8Array[];
  readonly budget: WorkBudget;
  /** For the passphrases that nobody named, the empty one and none: what it does not allow is not tried. */
  readonly trial: WorkBudget;
  /** How many things a passphrase has opened. */
  opened: number;
}

/** What is locked, by which passphrases, and how its content is understood. */
export interface LockedThing<T> {
  readonly encrypted: EncryptedData;
  readonly tried: readonly Passphrase[];
  /** The passphrase that is known to be right: then nonsense inside is damage. */
  readonly verified?: Passphrase | undefined;
  /** Throws `unreadable` for nonsense, as wrong passphrases give. */
  readonly understand: (plain: Uint8Array) => T;
}

/** The passphrases as they are tried on PKCS#12: an empty one is also tried as none. */
export function passphrasesOf(given: readonly Uint8Array[]): readonly Passphrase[] {
  return given.flatMap((one): readonly Passphrase[] => (one.length === 0 ? [one, null] : [one]));
}

/**
 * What is inside; undefined when no passphrase opens it. Throws `unreadable` when the work is too
 * much or the content under the right passphrase is damaged.
 */
export async function unlock<T>(
  thing: LockedThing<T>,
  unlocking: Unlocking,
): Promise<T | undefined> {
  for (const passphrase of thing.tried) {
    if (!mayTry(thing, passphrase, unlocking)) return undefined;
    const plain = await unlocking.containers.decrypt(thing.encrypted, passphrase);
    const found = plain === undefined ? undefined : understood(thing, plain, passphrase);
    if (found === undefined) continue;
    unlocking.opened += 1;
    return found.value;
  }
  return undefined;
}

function mayTry<T>(
  { encrypted, verified }: LockedThing<T>,
  passphrase: Passphrase,
  { passphrases, budget, trial }: Unlocking,
): boolean {
  const { method } = encrypted;
  if (method.kind !== 'cipher') return true;
  const isAsked = passphrases.length > 0 || (verified !== undefined && verified === passphrase);
  if (!isAsked) return trial.affords(method.derivation);
  budget.charge(method.derivation);
  return true;
}

/** The item opened, when it is an encrypted key and a passphrase fits; else the item as it is. */
export async function openItem(item: ContainerItem, unlocking: Unlocking): Promise<ContainerItem> {
  if (item.kind !== 'encrypted-key') return item;
  const tried = passphrasesOf(unlocking.passphrases);
  const { encrypted, where, alias, localKeyId } = item;
  const content = await unlock({ encrypted, tried, understand: readKey }, unlocking);
  return content === undefined ? item : { where, alias, localKeyId, ...content };
}

/** A private key in any of its forms. Throws `unreadable` when it is none. */
export function readKey(der: Uint8Array): ItemContent {
  const kind = recognizeDer(der);
  if (kind === 'pkcs8' || kind === 'pkcs1' || kind === 'sec1' || kind === 'dsa-key') {
    return readItem(kind, der);
  }
  throw new ZmintError('unreadable', 'what was encrypted is no private key');
}

function understood<T>(
  { understand, verified }: LockedThing<T>,
  plain: Uint8Array,
  passphrase: Passphrase,
): { readonly value: T } | undefined {
  try {
    return { value: understand(plain) };
  } catch (error) {
    const isNonsense = error instanceof ZmintError && error.code === 'unreadable';
    if (!isNonsense || (verified !== undefined && verified === passphrase)) throw error;
    return undefined;
  }
}
