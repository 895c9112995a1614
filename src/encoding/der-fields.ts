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
  return new TakenFields(children, element, what);
}

/** One object, where functions for each structure would be five: a certificate has thirty of them. */
class TakenFields implements DerFields {
  readonly children: readonly DerElement[];
  readonly element: DerElement;
  readonly what: string;
  position = 0;

  constructor(children: readonly DerElement[], element: DerElement, what: string) {
    this.children = children;
    this.element = element;
    this.what = what;
  }

  any(name: string): DerElement {
    const child = this.children[this.position];
    if (child === undefined) throw derFault(this.element.offset, `${this.what} has no ${name}`);
    this.position += 1;
    return child;
  }

  next(tag: number, name: string): DerElement {
    return expectTag(this.any(name), tag, name);
  }

  maybe(tag: number): DerElement | undefined {
    return this.peek()?.tag === tag ? this.any('field') : undefined;
  }

  peek(): DerElement | undefined {
    return this.children[this.position];
  }

  end(): void {
    const rest = this.peek();
    if (rest !== undefined) throw derFault(rest.offset, `${this.what} has a field too many`);
  }
}

/** The element again, when it has this tag. Throws `unreadable` naming it. */
export function expectTag(element: DerElement, tag: number, what: string): DerElement {
  if (element.tag === tag) return element;
  throw derFault(element.offset, `${what} has the wrong type`);
}
