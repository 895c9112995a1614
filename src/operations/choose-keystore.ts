import { ZmintError } from '../errors.js';
import type { KeystoreFiles } from '../ports/member-homes.js';
import type { KeystoreFormat } from '../zone/keystore.js';
import type { Member } from '../zone/member.js';
import { heldKeystore, type HeldKeystore } from './render-keystore.js';

/** What a person wants of a server's keystore; undefined: as it is. */
export interface KeystoreWish {
  readonly format: KeystoreFormat | 'none' | undefined;
  readonly alias: string | undefined;
  /** UTF-8 octets. */
  readonly passphrase: Uint8Array | undefined;
}

/** `keytool` takes no shorter one. */
const LEAST_CHARACTERS = 6;

/**
 * The keystore that the next set has, and the format of the one of today. Throws `usage` when an
 * alias or a password is given for no keystore, `question-unanswered` when no password is known,
 * `policy` for one that Java would refuse.
 */
export function chooseKeystore(
  wish: KeystoreWish,
  today: { readonly member: Member; readonly files: KeystoreFiles },
): { readonly next: HeldKeystore | null; readonly before: KeystoreFormat | null } {
  const held = readHeld(wish, today);
  const before = held?.format ?? null;
  const format = wish.format ?? held?.format ?? 'none';
  if (format === 'none') {
    refuseUseless(wish);
    return { next: null, before };
  }
  const passphrase = wish.passphrase ?? held?.passphrase;
  if (passphrase === undefined) {
    throw new ZmintError('question-unanswered', 'it is not said which password the keystore has', {
      hint: 'add --keystore-passphrase-file FILE',
    });
  }
  refuseShort(passphrase);
  return { next: { format, alias: aliasOf(wish, held, today.member), passphrase }, before };
}

/** A keystore that cannot be read must not keep its successor from being written. */
function readHeld(
  wish: KeystoreWish,
  { member, files }: { readonly member: Member; readonly files: KeystoreFiles },
): HeldKeystore | undefined {
  const isReplaced = wish.format !== undefined && wish.passphrase !== undefined;
  try {
    return heldKeystore(files, member.name);
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'damaged' && isReplaced) return undefined;
    throw error;
  }
}

function aliasOf(wish: KeystoreWish, held: HeldKeystore | undefined, member: Member): string {
  const alias = wish.alias ?? held?.alias ?? member.name;
  if (/^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u.test(alias)) return alias.toLowerCase();
  throw new ZmintError('policy', 'the alias has 1 to 100 characters and no control characters', {
    hint: `-a ${member.name}`,
  });
}

function refuseUseless({ alias, passphrase, format }: KeystoreWish): void {
  if (format === 'none' || (alias === undefined && passphrase === undefined)) return;
  throw new ZmintError('usage', 'there is no keystore that the password or alias could be for', {
    hint: 'add --keystore jks or --keystore pkcs12',
  });
}

function refuseShort(passphrase: Uint8Array): void {
  const text = new TextDecoder().decode(passphrase);
  if (text.length >= LEAST_CHARACTERS && !/\p{Cc}/u.test(text)) return;
  throw new ZmintError(
    'policy',
    `the password of a keystore has at least ${LEAST_CHARACTERS} characters, all printable`,
    { hint: 'Java takes no other' },
  );
}
