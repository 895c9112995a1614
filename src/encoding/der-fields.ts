import { childrenOf } from './der.js';
import type { DerElement } from './der-element.js';
import { derFault } from './der-fault.js';

/** The elements of a structure, taken one after the other. */
export interface DerFields {
  /** The next one, which must have this tag. Throws `unreadable` naming it. */
  next(tag: number, what: string): DerElement;
  /** The next one, of whatever type. Throws `unreadable` naming it. */
  any(what: string): DerElement;
  /** The next one when it has this tag; else undefined, and it stays. */
  maybe(tag: number): DerElement | undefined;
  /** The next one, which stays; undefined at the end. */
  peek(): DerElement | undefined;
  /** Throws `unreadable` when something is left. */
  end(): void;
}

/** Opens a structure that must have this tag. Throws `unreadable` naming it. */
export function fieldsOf(element: DerElement, tag: number, what: string): DerFields {
  return takeFields(childrenOf(expectTag(element, tag, what)), element, what);
}

/** As `fieldsOf`, for the elements of a structure that was opened already. */
export function takeFields(
  children: readonly DerElement[],
  element: DerElement,
  what: string,
): DerFields {
  let position = 0;
  const any = (name: string): DerElement => {
    const child = children[position];
    if (child === undefined) throw derFault(element.offset, `${what} has no ${name}`);
    position += 1;
    return child;
  };
  return {
    any,
    next: (childTag, name) => expectTag(any(name), childTag, name),
    maybe: (childTag) => (children[position]?.tag === childTag ? any('field') : undefined),
    peek: () => children[position],
    end: () => {
      const rest = children[position];
      if (rest !== undefined) throw derFault(rest.offset, `${what} has a field too many`);
    },
  };
}

/** The element again, when it has this tag. Throws `unreadable` naming it. */
export function expectTag(element: DerElement, tag: number, what: string): DerElement {
  if (element.tag === tag) return element;
  throw derFault(element.offset, `${what} has the wrong type`);
}
