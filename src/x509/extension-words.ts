import { readDer } from '../encoding/der.js';
import { toHex } from '../encoding/hex.js';
import { ZmintError } from '../errors.js';
import type { Extension } from './extension.js';
import { COMMON_EXTENSIONS } from './common-extension-words.js';
import type { ExtensionReader } from './extension-reader.js';
import { OTHER_EXTENSIONS } from './other-extension-words.js';

/** What an extension says, for people. */
export interface ExtensionWords {
  /** `key usage`; null: zmint does not know it. */
  readonly name: string | null;
  /** Text in it is as it was written: escape it. Empty when it is unknown or cannot be read. */
  readonly words: readonly string[];
  /** Why it cannot be read; null: it can. */
  readonly damage: string | null;
  /** The value, hexadecimal. */
  readonly hex: string;
}

const READERS: ReadonlyMap<string, ExtensionReader> = new Map([
  ...COMMON_EXTENSIONS,
  ...OTHER_EXTENSIONS,
]);

/** Tells what an extension of a certificate, request or CRL says. Never throws for its value. */
export function extensionWords({ oid, value }: Extension): ExtensionWords {
  const hex = toHex(value);
  const [name, words] = READERS.get(oid) ?? [];
  if (name === undefined || words === undefined)
    return { name: null, words: [], damage: null, hex };
  try {
    return { name, words: words(readDer(value)), damage: null, hex };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code !== 'unreadable') throw error;
    return { name, words: [], damage: error.message, hex };
  }
}
