import type { Bench } from './guide-bench.mjs';

/** A command, a hidden step or a piece of JSON in a chapter. */
export interface Step {
  readonly kind: 'command' | 'hidden' | 'json';
  readonly line: string;
  readonly shown?: string;
}
/** A step that is not as the chapter shows it. */
export interface Difference {
  readonly step: Step;
  readonly why: string;
  readonly output: string;
}
export const CHAPTERS: readonly string[];
export const APART: readonly string[];
export const WITH_TOKEN: readonly string[];
export const ALONE: string;
export function readSteps(text: string): readonly Step[];
export function fits(shown: string, printed: string): boolean;
export function isPart(shown: unknown, printed: unknown): boolean;
export function runSteps(bench: Bench, steps: readonly Step[]): Promise<readonly Difference[]>;
export function mend(text: string, differences: readonly Difference[]): string;
