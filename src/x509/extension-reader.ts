import type { DerElement } from '../encoding/der-element.js';

/** How an extension is called, and how its value is told to people. Throws `unreadable` for damage. */
export type ExtensionReader = readonly [
  name: string,
  words: (value: DerElement) => readonly string[],
];
