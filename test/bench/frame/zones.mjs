import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, timedEnvironment } from './run-program.mjs';

/**
 * Temporary zones of a bench, below `folder`: all gone after `close`, but for those in `zones`,
 * where the next bench finds them. Nothing is deleted before: ext4 does not give out inodes that
 * were freed within the last minute, and a tree that is written right after a big delete takes many
 * times as long.
 */
export function openZones({ folder, zones, program, say }) {
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, 'zmint-bench-'));
  const built = zones ?? temporary;
  let fresh = 0;
  return {
    /** A new name for a folder that is not there yet. */
    newPath: (name) => join(temporary, `${name}-${(fresh += 1)}`),
    /**
     * A zone of `size` local servers, the first of them with the CA, built once by the program
     * itself.
     */
    async zoneOf(size) {
      mkdirSync(built, { recursive: true });
      const zone = join(built, `zone-${size}`);
      if (!existsSync(zone)) await build({ zone, size, program, say });
      return zone;
    },
    /**
     * A copy of a zone in a new folder, all of it on the disk, so that nobody's sync waits for it.
     */
    copyOf(zone) {
      const copy = join(temporary, `copy-${(fresh += 1)}`);
      execFileSync('cp', ['-a', zone, copy]);
      settle(temporary);
      return copy;
    },
    /** Puts all that was written so far on the disk, outside of anybody's time. */
    settle: () => settle(temporary),
    /** By rm, which is much quicker than Node with a million files. */
    close: () => execFileSync('rm', ['-rf', temporary]),
  };
}

function settle(folder) {
  execFileSync('sync', ['-f', folder]);
}

/**
 * Under a temporary name until it is whole, so that a bench that was stopped leaves no half zone
 * behind.
 */
async function build({ zone, size, program, say }) {
  const unfinished = `${zone}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const zmint = (...words) =>
    runProgram([process.execPath, program, '--zone', unfinished, ...words, '--yes'], {
      env: timedEnvironment(),
    });
  await zmint(...words('init --name Bench --server ca1 --dns ca1.example.com --no-passphrase'));
  if (size > 1) {
    const rows = Array.from(
      { length: size - 1 },
      (_, at) => `web${at + 1},web${at + 1}.example.com\n`,
    );
    const file = `${zone}.csv`;
    writeFileSync(file, `name,dns\n${rows.join('')}`);
    const { wall } = await zmint('server', 'add', '--from', file);
    say(`added ${size - 1} servers, ${Math.round((size - 1) / wall)} a second`);
  }
  renameSync(unfinished, zone);
  settle(zone);
}

function words(line) {
  return line.split(' ');
}
