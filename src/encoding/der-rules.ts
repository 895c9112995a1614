import { compareBytes } from './bytes.js';
import type { DerElement } from './der-element.js';
import { derFault } from './der-fault.js';
import { decodeUtf8 } from './utf8.js';

/** What is wrong with the content of an element; undefined: nothing. */
type Rule = (content: Uint8Array) => string | undefined;

const UNIVERSAL_LIMIT = 0x40;
const CONSTRUCTED = 0x20;
const SEQUENCE = 0x30;
const SET = 0x31;

const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [0x00, () => 'there is an end-of-contents mark'],
  [0x01, booleanRule],
  [0x02, integerRule],
  [0x03, bitStringRule],
  [0x05, (content) => (content.length === 0 ? undefined : 'a NULL has content')],
  [0x06, objectIdentifierRule],
  [0x0a, integerRule],
  [0x0c, utf8Rule],
  [0x10, () => 'a SEQUENCE is primitive'],
  [0x11, () => 'a SET is primitive'],
]);

/**
 * Throws `unreadable` when an element of a universal type is not in the one form that DER allows
 * (X.690 §8, §10.2, §11). Elements of other classes are judged by whoever knows their type.
 */
export function refuseNonCanonical(element: DerElement, children: readonly DerElement[]): void {
  if (element.tag >= UNIVERSAL_LIMIT) return;
  const fault =
    (element.tag & CONSTRUCTED) === 0
      ? RULES.get(element.tag)?.(element.content)
      : constructedFault(element, children);
  if (fault !== undefined) throw derFault(element.offset, fault);
}

function constructedFault(
  element: DerElement,
  children: readonly DerElement[],
): string | undefined {
  if (element.tag === SEQUENCE) return undefined;
  if (element.tag !== SET) return 'a primitive type is constructed';
  if (children.length < 2) return undefined;
  const sorted = children.every((child, index) => {
    const before = children[index - 1];
    return before === undefined || compareBytes(before.bytes, child.bytes) <= 0;
  });
  return sorted ? undefined : 'a SET is not sorted';
}

function booleanRule(content: Uint8Array): string | undefined {
  const value = content[0];
  const canonical = content.length === 1 && (value === 0 || value === 0xff);
  return canonical ? undefined : 'a BOOLEAN is neither 00 nor FF';
}

function integerRule(content: Uint8Array): string | undefined {
  const [first, second] = content;
  if (first === undefined) return 'an INTEGER is empty';
  if (second === undefined) return undefined;
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  return padded ? 'an INTEGER is not minimal' : undefined;
}

function bitStringRule(content: Uint8Array): string | undefined {
  const unused = content[0];
  if (unused === undefined) return 'a BIT STRING is empty';
  if (unused > 7 || (unused > 0 && content.length === 1)) {
    return 'a BIT STRING leaves more bits unused than it has';
  }
  const last = content[content.length - 1] ?? 0;
  const clean = content.length === 1 || (last & ((1 << unused) - 1)) === 0;
  return clean ? undefined : 'a BIT STRING has unused bits that are not zero';
}

function objectIdentifierRule(content: Uint8Array): string | undefined {
  const last = content[content.length - 1];
  if (last === undefined) return 'an OBJECT IDENTIFIER is empty';
  if (last >= 0x80) return 'an OBJECT IDENTIFIER is cut short';
  let starts = true;
  for (const octet of content) {
    if (starts && octet === 0x80) return 'an OBJECT IDENTIFIER is not minimal';
    starts = octet < 0x80;
  }
  return undefined;
}

function utf8Rule(content: Uint8Array): string | undefined {
  try {
    decodeUtf8(content);
    return undefined;
  } catch {
    return 'a UTF8String is not UTF-8';
  }
}
