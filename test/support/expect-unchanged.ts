import { expect } from '@jest/globals';
import type { CommandLine, Ran } from './command-line.js';
import { picture } from './zone-fsck.js';

/** Zone and files as they are, but for the database's own. */
function everything(at: CommandLine): ReadonlyMap<string, string> {
  const seen = [...picture(at.zoneHome)].filter(([path]) => !/(?:zone|lock)\.db/u.test(path));
  return new Map(seen);
}

/** Runs a line that must change neither files nor records. */
export async function expectUnchanged(at: CommandLine, line: string): Promise<Ran> {
  const before = everything(at);
  const events = (await at.run('zmint event list --json')).out;
  const ran = await at.run(line);
  expect(everything(at)).toEqual(before);
  expect((await at.run('zmint event list --json')).out).toBe(events);
  return ran;
}
