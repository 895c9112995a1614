import { expect } from '@jest/globals';
import type { ErrorCode } from '../../src/errors.js';
import { zmint, type RunOptions } from './run-program.js';
import { filesOf, stateOf } from './zone-state.js';

/** How the built program must refuse. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  /** What the message or the hint must say. */
  readonly says?: RegExp;
  readonly options?: RunOptions;
  /** A refusal may take so long; a second and the start of the program when nothing is said. */
  readonly limitMs?: number;
  /** The database itself is broken: then only the files are compared. */
  readonly broken?: boolean;
}

const LIMIT_MS = 5_000;

/**
 * Runs a command that must be refused, as text and as JSON: with its exit status, in words with a
 * hint, without a control character, and without any change of the zone.
 */
export async function expectRefused(
  zoneHome: string,
  words: readonly string[],
  refusal: Refusal,
): Promise<void> {
  const state = (): Promise<string> =>
    refusal.broken === true
      ? Promise.resolve(JSON.stringify(filesOf(zoneHome)))
      : stateOf(zoneHome);
  const before = await state();
  const all = ['--zone', zoneHome, ...words];
  const plain = await zmint(all, refusal.options);
  expect([plain.status, plain.err]).toEqual([refusal.status, plain.err]);
  expect(plain.out).toBe('');
  expect(plain.err).toMatch(/^zmint: error: ./mu);
  expect(plain.err).toMatch(/^zmint: hint: ./mu);
  if (refusal.says !== undefined) expect(plain.err).toMatch(refusal.says);
  expect(hostileCharacters(plain.err)).toEqual([]);
  const asJson = await zmint([...all, '--json'], refusal.options);
  expect([asJson.status, asJson.out]).toEqual([refusal.status, asJson.out]);
  expect(JSON.parse(asJson.out)).toEqual({
    schema: 'zmint.error/1',
    code: refusal.code,
    message: expect.stringMatching(/./u),
    hint: expect.stringMatching(/./u),
    details: expect.anything(),
  });
  expect(hostileCharacters(asJson.out)).toEqual([]);
  for (const run of [plain, asJson]) expect(run.ms).toBeLessThan(refusal.limitMs ?? LIMIT_MS);
  expect(await state()).toBe(before);
}

/** Control characters, and those that change the direction of text; line feeds are fine. */
export function hostileCharacters(text: string): readonly string[] {
  return (
    text
      .match(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu)
      ?.filter((character) => character !== '\n') ?? []
  );
}
