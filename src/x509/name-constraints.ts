import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readGeneralName, type GeneralName } from './general-name.js';

/** What the names below a CA may be (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

const DNS_SUBTREE =
  /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*)?$/iu;
const HOST_SUBTREE =
  /^\.?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/iu;
const MAILBOX = /^[^@]+@([^@]+)$/u;
const MOST_SUBTREES = 5000;

/**
 * Reads the extension's value. Throws `unreadable` for no subtrees at all, a minimum or maximum
 * (§4.2.1.10 fixes them), an address without a mask of leading ones, a DNS name that is none.
 */
export function readNameConstraints(value: DerElement): NameConstraints {
  const fields = fieldsOf(value, TAG.sequence, 'nameConstraints');
  const permitted = fields.maybe(constructedTag(0));
  const excluded = fields.maybe(constructedTag(1));
  fields.end();
  if (permitted === undefined && excluded === undefined) {
    throw derFault(value.offset, 'nameConstraints constrain nothing');
  }
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

function readSubtrees(list: DerElement | undefined): readonly GeneralName[] {
  if (list === undefined) return [];
  const subtrees = childrenOf(list);
  if (subtrees.length === 0) throw derFault(list.offset, 'a list of subtrees is empty');
  if (subtrees.length > MOST_SUBTREES) {
    throw derFault(list.offset, `there are over ${MOST_SUBTREES} subtrees`);
  }
  return subtrees.map((subtree) => {
    const fields = fieldsOf(subtree, TAG.sequence, 'a subtree');
    const base = fields.any('base');
    const bound = fields.peek();
    if (bound !== undefined) {
      throw derFault(bound.offset, 'a subtree has a minimum or maximum, which RFC 5280 forbids');
    }
    const name = readGeneralName(base);
    const fault = baseFault(name);
    if (fault !== undefined) throw derFault(base.offset, fault);
    return name;
  });
}

function baseFault(base: GeneralName): string | undefined {
  if (base.kind === 'ip') return maskFault(base.octets);
  if (base.kind === 'dns') {
    return DNS_SUBTREE.test(base.text) ? undefined : 'a DNS subtree is no DNS name';
  }
  if (base.kind === 'uri') {
    return HOST_SUBTREE.test(base.text) ? undefined : 'a URI subtree is neither host nor domain';
  }
  if (base.kind !== 'email') return undefined;
  const host = MAILBOX.exec(base.text)?.[1] ?? base.text;
  return HOST_SUBTREE.test(host) ? undefined : 'an e-mail subtree is neither mailbox nor domain';
}

function maskFault(octets: Uint8Array): string | undefined {
  if (octets.length !== 8 && octets.length !== 32) {
    return 'an address subtree has neither 8 nor 32 octets';
  }
  const mask = Array.from(octets.subarray(octets.length / 2), (octet) =>
    octet.toString(2).padStart(8, '0'),
  ).join('');
  return /^1*0*$/u.test(mask) ? undefined : 'an address subtree has a mask with gaps';
}
