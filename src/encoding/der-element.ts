/** One element of DER, as it lies in the bytes that were read. */
export interface DerElement {
  /** The identifier octet: class, constructed bit and number (X.690 §8.1.2). */
  readonly tag: number;
  /** Where its identifier octet is, for messages. */
  readonly offset: number;
  /** Identifier, length and content. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** The elements inside, when it is constructed and was read as part of a whole. */
  readonly children?: readonly DerElement[] | undefined;
}
