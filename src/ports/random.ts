/** Randomness fit for keys and serial numbers. */
export interface Random {
  bytes(length: number): Uint8Array;
  uuid(): string;
}
