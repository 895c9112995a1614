/** A machine on which chapters are run. */
export interface Bench {
  run(line: string): Promise<{ readonly status: number; readonly output: string }>;
  prepare(line: string): Promise<void>;
  close(): void;
}
export function openBench(): Promise<Bench>;
