import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZmintError } from '../../src/errors.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { Services } from '../../src/ports/services.js';
import type { Instant, Seconds } from '../../src/zone/instant.js';
import { FaultLine } from './fault-line.js';
import { openTestZone } from './test-zone.js';

/** Where thousands of rounds are played: in memory where the system has such a folder. */
export const ROUNDS_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A zone with a clock, services and homes that a test can break; each step opens it anew. */
export interface PlayWorld {
  readonly zoneHome: string;
  now: Instant;
  /** The latest instant that its clock has shown. */
  latest: Instant;
  /** Names of servers whose reload command fails. */
  readonly brokenServices: Set<string>;
  /** Names of members whose home refuses every write. */
  readonly brokenHomes: Set<string>;
  /** How often each server was reloaded. */
  readonly reloads: Map<string, number>;
}

/** A world on a copy of a prepared zone home. */
export function copyWorld(start: string, now: Instant): PlayWorld {
  const zoneHome = join(mkdtempSync(join(ROUNDS_FOLDER, 'zmint-play-')), 'zone');
  cpSync(start, zoneHome, { recursive: true, verbatimSymlinks: true });
  const brokenServices = new Set<string>();
  return { zoneHome, now, latest: now, brokenServices, brokenHomes: new Set(), reloads: new Map() };
}

/** Steps the clock; backwards at most half an hour behind the latest, as new certificates allow for. */
export function moveClock(world: PlayWorld, seconds: Seconds): void {
  world.now = Math.max(world.now + seconds, world.latest - 1800);
  world.latest = Math.max(world.latest, world.now);
}

export function removeWorld(world: PlayWorld): void {
  rmSync(join(world.zoneHome, '..'), { recursive: true, force: true });
}

/** The zone as one command sees it: opened, worked on, closed. */
export async function inWorld<T>(
  world: PlayWorld,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<T> {
  const ctx = await openTestZone({
    zoneHome: world.zoneHome,
    now: world.now,
    services: countedServices(world),
    faults: new BrokenHomes(world),
  });
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

/** The reload command `reload NAME` works unless the service is broken. */
export function reloadOf(name: string): string {
  return `reload ${name}`;
}

function countedServices(world: PlayWorld): Services {
  return {
    reload: (command) => {
      const name = command.replace('reload ', '');
      world.reloads.set(name, 1 + (world.reloads.get(name) ?? 0));
      const exitCode = world.brokenServices.has(name) ? 1 : 0;
      return Promise.resolve({ exitCode, timedOut: false, output: '' });
    },
  };
}

/** Refuses every write below the homes that are broken, as a read-only file system does. */
class BrokenHomes extends FaultLine {
  readonly #world: PlayWorld;

  constructor(world: PlayWorld) {
    super();
    this.#world = world;
  }

  override wrap<T extends object>(
    port: string,
    real: T,
    effects: readonly (keyof T & string)[],
  ): T {
    if (port !== 'fs') return real;
    return new Proxy(real, {
      get: (target, key): unknown => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const method = value as (...args: unknown[]) => unknown;
        if (!(effects as readonly string[]).includes(String(key)))
          return (...args: unknown[]): unknown => method.apply(target, args);
        return (...args: unknown[]): unknown => {
          for (const path of args) this.#refuse(path);
          return method.apply(target, args);
        };
      },
    });
  }

  #refuse(path: unknown): void {
    if (typeof path !== 'string') return;
    for (const name of this.#world.brokenHomes) {
      const home = join(this.#world.zoneHome, 'servers', name);
      if (path !== home && !path.startsWith(`${home}/`)) continue;
      throw new ZmintError('storage', `cannot write ${path}: the file system is read-only`);
    }
  }
}
