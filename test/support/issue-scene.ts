import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from './command-line.js';
import { FaultLine, type CrashPoint } from './fault-line.js';

/** A certificate that was issued to somebody who is no member. */
export interface Issued {
  readonly subject: string;
  readonly sha256: string;
}

/** A small zone with an empty folder for what `ca issue` writes, where commands can die. */
export interface IssueScene {
  readonly at: CommandLine;
  /** What `--out out` names. */
  readonly folder: string;
  /** Zone and folder as they were in the beginning. */
  again(): void;
  /** The effects of a line that ends well. */
  effectsOf(line: string): Promise<readonly string[]>;
  /** Begins again, and runs a line that dies there. */
  dieAt(line: string, point: CrashPoint): Promise<void>;
  issued(): Promise<readonly Issued[]>;
}

export async function issueScene(): Promise<IssueScene> {
  const at = commandLine();
  await at.given(SMALL_ZONE);
  const folder = join(at.zoneHome, '../out');
  const fresh = join(at.zoneHome, '../fresh');
  mkdirSync(folder);
  cpSync(at.zoneHome, fresh, { recursive: true, verbatimSymlinks: true });
  const again = (): void => {
    for (const place of [at.zoneHome, folder]) rmSync(place, { recursive: true, force: true });
    cpSync(fresh, at.zoneHome, { recursive: true, verbatimSymlinks: true });
    mkdirSync(folder);
  };
  return {
    ...{ at, folder, again },
    effectsOf: async (line) => {
      at.faults = new FaultLine();
      await at.given([line]);
      const { log } = at.faults;
      delete at.faults;
      return log;
    },
    dieAt: async (line, point) => {
      again();
      at.faults = new FaultLine(point);
      await at.run(line);
      expect(at.faults.crashed).toBe(true);
      delete at.faults;
    },
    issued: async () => {
      const { json } = await at.run('zmint ca list --issued --json');
      return (json() as { readonly certificates: readonly Issued[] }).certificates;
    },
  };
}
