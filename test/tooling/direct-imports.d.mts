/** A public value: the file that declares it and its name there. */
export interface Home {
  readonly file: string;
  readonly name: string;
}
export function homesOf(text: string, folder: string): ReadonlyMap<string, Home>;
export function rewrite(text: string, homes: ReadonlyMap<string, Home>, path: string): string;
