import { ZmintError } from '../errors.js';
import type { TokenContext } from '../ports/context.js';
import type { ZoneReader } from '../ports/zone-store.js';
import { parseCertificate } from '../x509/certificate.js';
import { heldKeys } from '../zone/held-keys.js';
import { parseKeyUri } from '../zone/key-uri.js';
import { keysInTokens, type KeyInToken } from '../zone/keys-in-tokens.js';

/** A key of a zone in a token, and whether it signs here. */
export interface ProvedTokenKey extends KeyInToken {
  /** Why it was not asked to sign; null: it has signed a test that verifies. */
  readonly unproved: string | null;
}

/**
 * Lets each key that a zone needs and has in a token sign a test, where its token can be reached and
 * its PIN had; else tells why not. Throws `wrong-passphrase` for a wrong PIN.
 */
export async function proveTokenKeys(
  ctx: TokenContext,
  reader: Pick<ZoneReader, 'authorities' | 'tokenKeys' | 'der'>,
): Promise<readonly ProvedTokenKey[]> {
  const authorities = await reader.authorities();
  const proved: ProvedTokenKey[] = [];
  // A key that waits for its certificate lies in a file.
  const held = heldKeys(authorities, []);
  for (const key of keysInTokens(held, await reader.tokenKeys())) {
    const authority = authorities.find(({ generation }) => generation === key.generation);
    const [der = new Uint8Array()] = await reader.der([authority?.certificate ?? '']);
    const { spki } = parseCertificate(der);
    proved.push({ ...key, unproved: await whyUnproved(ctx, key, spki) });
  }
  return proved;
}

async function whyUnproved(
  { tokens, pin }: TokenContext,
  { keyUri }: KeyInToken,
  spki: Uint8Array,
): Promise<string | null> {
  const { uri } = parseKeyUri(keyUri);
  try {
    (await tokens.open(uri, spki, () => pin.read(uri))).close();
    return null;
  } catch (error) {
    if (!(error instanceof ZmintError) || !OUT_OF_REACH.has(error.code)) throw error;
    return error.code === 'question-unanswered' ? 'its PIN was not given' : error.message;
  }
}

const OUT_OF_REACH = new Set(['token-unavailable', 'question-unanswered', 'not-found', 'damaged']);
