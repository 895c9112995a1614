import { constructedTag, primitiveTag } from '../encoding/der-tag.js';
import { writeDer, writeSequence } from '../encoding/der-writer.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { Extension } from './extension.js';
import { EXTENSION } from './extension-oid.js';

/** A subtree of names (RFC 5280 §4.2.1.10). An address is followed by its mask, 8 or 32 octets. */
export type Subtree =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly octets: Uint8Array };

export interface ConstrainedNames {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

const TEXT_TAGS = { email: primitiveTag(1), dns: primitiveTag(2), uri: primitiveTag(6) } as const;
const ADDRESS = primitiveTag(7);

/**
 * The extension, critical; undefined when there is nothing to constrain, which must not be written.
 * Throws `policy` for a text that is not ASCII.
 */
export function nameConstraintsExtension(names: ConstrainedNames): Extension | undefined {
  const { permitted, excluded } = names;
  if (permitted.length + excluded.length === 0) return undefined;
  const value = writeSequence(
    ...(permitted.length === 0
      ? []
      : [writeDer(constructedTag(0), ...permitted.map(writeSubtree))]),
    ...(excluded.length === 0 ? [] : [writeDer(constructedTag(1), ...excluded.map(writeSubtree))]),
  );
  return { oid: EXTENSION.nameConstraints, critical: true, value };
}

function writeSubtree(subtree: Subtree): Uint8Array {
  if (subtree.kind === 'ip') return writeSequence(writeDer(ADDRESS, subtree.octets));
  if (/^[!-~]*$/u.test(subtree.text))
    return writeSequence(writeDer(TEXT_TAGS[subtree.kind], encodeUtf8(subtree.text)));
  throw new ZmintError('policy', `"${subtree.text}" cannot stand in a certificate`, {
    hint: 'write it in ASCII without spaces',
  });
}
