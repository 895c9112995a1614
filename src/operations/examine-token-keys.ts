import { ZmintError } from '../errors.js';
import type { TokenPublicKey, TokenView } from '../ports/token-keys.js';
import { parseKeyUri, tokenName, type KeyUri } from '../zone/key-uri.js';
import { fine, notice, problem, type Remark } from '../zone/finding.js';
import { shellWord } from '../zone/shell-word.js';
import { tokenKeyOf, type TokenKey } from '../zone/token-key.js';
import type { Examined } from './examined.js';
import { zoneKeyIds } from './fresh-key-id.js';

/**
 * Whether the keys that may still sign are in their tokens, as far as that shows without a PIN, and
 * no key that an operation has left there.
 */
export async function examineTokenKeys(
  examined: Examined,
  keys: readonly TokenKey[],
): Promise<readonly Remark[]> {
  const { authorities } = examined.snapshot;
  const signing = authorities.filter(({ state }) => state === 'active' || state === 'future');
  const remarks: Remark[] = [];
  const looked = new Set<string>();
  for (const authority of signing) {
    const key = tokenKeyOf(keys, authority);
    if (key === undefined) continue;
    const { uri } = parseKeyUri(key.uri);
    const view = await look(examined, uri);
    if (view instanceof ZmintError) {
      remarks.push(
        problem(view.code, view.message, `${view.hint ?? 'zmint ca show'}; ${MOVED}; ${LOST}`),
      );
      continue;
    }
    remarks.push(keyRemark(examined, { view, uri, key, generation: authority.generation }));
    if (looked.has(view.serial)) continue;
    looked.add(view.serial);
    remarks.push(...leftovers(examined, { view, uri, keys }));
  }
  return remarks;
}

async function look({ ctx }: Examined, uri: KeyUri): Promise<TokenView | ZmintError> {
  try {
    return await ctx.tokens.look(uri);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return error;
    throw error;
  }
}

interface Seen {
  readonly view: TokenView;
  readonly uri: KeyUri;
}

function keyRemark(
  { ctx }: Examined,
  seen: Seen & { readonly key: TokenKey; readonly generation: number },
): Remark {
  const { view, uri, key, generation } = seen;
  const where = `in the token ${tokenName(uri)}`;
  if (view.isPinLocked) {
    const mend = "its security officer sets a new PIN with the token's own tool";
    return problem('wrong-passphrase', `the token ${tokenName(uri)} is locked`, mend);
  }
  const fits = view.publicKeys.some(({ spki }) => ctx.digest.sha256(spki) === key.spkiSha256);
  if (fits) return fine(`the key of CA generation ${generation} is ${where}`);
  const other = view.publicKeys.some(({ id }) => id === uri.id);
  if (other) {
    const message = `the key ${uri.object ?? ''} ${where} is not that of CA generation ${generation}`;
    return problem('damaged', message, RESTORE);
  }
  const message = `the key of CA generation ${generation} does not show ${where}: without the PIN nobody can tell whether it is there`;
  return notice(message, showObjects(uri));
}

const REPLACE = 'zmint ssl remint --ca --compromised --key-uri URI';
const MOVED = 'if its module lies elsewhere now: zmint ca token --module-path FILE';
const LOST = `if the token is lost for good: ${REPLACE}`;
const RESTORE = `put it back by the token's own means; if there is none: ${REPLACE}`;

/** Only zmint makes keys of these ids, and each is recorded once its generation is. */
function leftovers(
  { ctx, snapshot }: Examined,
  { view, uri, keys }: Seen & { readonly keys: readonly TokenKey[] },
): readonly Remark[] {
  if (snapshot.pending.some(({ phase }) => phase === 'preparing')) return [];
  const own = zoneKeyIds(ctx, snapshot.zone.id);
  const needed = new Set(
    snapshot.authorities
      .filter(({ state }) => state !== 'cancelled')
      .flatMap((authority) => tokenKeyOf(keys, authority)?.spkiSha256 ?? []),
  );
  return view.publicKeys
    .filter(({ id, spki }) => id.startsWith(own) && !needed.has(ctx.digest.sha256(spki)))
    .map((key) => leftover(uri, key));
}

function leftover(uri: KeyUri, { object, id }: TokenPublicKey): Remark {
  const tool = `pkcs11-tool --module ${shellWord(uri.modulePath)} --token-label ${shellWord(tokenName(uri))} --login --delete-object --id ${id}`;
  return notice(
    `the key ${object} in the token ${tokenName(uri)} was left behind by an operation that was cancelled; it signs for nobody`,
    `${tool} --type privkey, then the same with --type pubkey`,
  );
}

function showObjects({ modulePath }: KeyUri): string {
  return `pkcs11-tool --module ${shellWord(modulePath)} --login --list-objects`;
}
