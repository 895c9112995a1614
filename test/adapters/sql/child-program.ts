import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import {
  createZoneStore,
  openZoneStore,
  type Writer,
} from '../../../src/adapters/sql/open-zone-store.js';
import { ZmintError } from '../../../src/errors.js';
import type { ZoneStore } from '../../../src/ports/zone-store.js';
import { BEGINNING, certificate, entry } from '../../support/zone-rows.js';

/** What a second process does in tests of the database: each prints lines and ends, or is ended. */
const JOBS: Readonly<Record<string, (home: string, count: number) => Promise<void>>> = {
  create: async (home) => {
    (await createZoneStore(home, writer())).close();
  },
  hold: async (home) => {
    const store = await openZoneStore(home, writer());
    say('held');
    // What nobody refers to is collected, and its lock with it.
    setInterval(() => store, 1000);
  },
  /** Adds one to the version of member-1 so often, each time with the lock newly taken. */
  add: async (home, count) => {
    for (let round = 0; round < count; round += 1) {
      const store = await openZoneStore(home, writer());
      await addOne(store);
      store.close();
    }
    say('added');
  },
  /** Commits a certificate and its event until it is killed; says each number once it is durable. */
  commit: async (home) => {
    const store = await openZoneStore(home, writer());
    let number = (await store.lastEvents(1)).at(-1)?.sequence ?? 0;
    for (;;) {
      number += 1;
      const change = {
        type: 'add-certificates' as const,
        certificates: [certificate(1000 + number)],
      };
      await store.commit(entry(`event ${number}`, { number }), [change]);
      say(String(number));
    }
  },
  read: async (home) => {
    const reader = await openZoneReader(home);
    const zone = await reader.zone();
    const members = await reader.members();
    const damage = await reader.damage();
    reader.close();
    say(JSON.stringify({ zone: zone.name, members: members.length, damage }));
  },
  /** Commits until the disk refuses, then once more with little to write. */
  fill: async (home, count) => {
    const store = await openZoneStore(home, writer());
    await reportRefusal(async () => {
      for (let number = 10; number < count; number += 1) {
        const change = { type: 'add-certificates' as const, certificates: [certificate(number)] };
        await store.commit(entry('filled'), [change]);
      }
    });
    await reportRefusal(() => store.commit(entry('after'), []));
    store.close();
  },
};

function writer(): Writer {
  return { command: 'child', pid: process.pid, since: BEGINNING, waitSeconds: 60 };
}

async function addOne(store: ZoneStore): Promise<void> {
  const [member] = (await store.members()).filter((one) => one.id === 'member-1');
  if (member === undefined) throw new Error('member-1 is gone');
  const version = String(Number(member.version) + 1);
  await store.commit(entry('added'), [{ type: 'put-members', members: [{ ...member, version }] }]);
}

async function reportRefusal(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    say('nothing was refused');
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    say(JSON.stringify({ code: error.code, message: error.message, details: error.details }));
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [job, home, count] = process.argv.slice(2);
try {
  await JOBS[job ?? '']?.(home ?? '', Number(count ?? '0'));
} catch (error) {
  process.stderr.write(
    error instanceof ZmintError ? `${error.code}: ${error.message}` : String(error),
  );
  process.exitCode = 1;
}
