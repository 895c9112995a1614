import { ZmintError } from '../../errors.js';

const GENERATION = /^[1-9]\d{0,8}$/u;

/** The folder name of a generation, checked again before it becomes a path (I-6). Throws `unsafe-path`. */
export function generationName(number: number): string {
  const name = String(number);
  if (GENERATION.test(name)) return name;
  throw new ZmintError('unsafe-path', `${name} is no number of a generation`);
}

/** The number that a folder name stands for; undefined for every other name. */
export function findGeneration(name: string): number | undefined {
  return GENERATION.test(name) ? Number(name) : undefined;
}
