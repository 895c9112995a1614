import { SimulatedCrash } from './faulty-zone-fs.js';

/** Where a process dies: before or after its `at`-th effect, counted from 1 over all ports. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  readonly at: number;
}

/**
 * Counts the effects of a whole process, whatever port they go through, and lets it die at one of
 * them: from then on no port of it works.
 */
export class FaultLine {
  readonly log: string[] = [];
  readonly #point: CrashPoint | undefined;
  #dead = false;

  constructor(point?: CrashPoint) {
    this.#point = point;
  }

  get crashed(): boolean {
    return this.#dead;
  }

  /** The port with the named methods as effects; all others only need the process to be alive. */
  wrap<T extends object>(port: string, real: T, effects: readonly (keyof T & string)[]): T {
    return new Proxy(real, {
      get: (target, key): unknown => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const method = value as (...args: unknown[]) => unknown;
        const name = String(key);
        const isEffect = (effects as readonly string[]).includes(name);
        return (...args: unknown[]): unknown => {
          const run = (): unknown => method.apply(target, args);
          // The kernel closes files for the dead.
          if (name === 'close') return run();
          return isEffect
            ? this.#effect(`${port}.${name} ${describe(args)}`, run)
            : this.#read(name, run);
        };
      },
    });
  }

  #read(name: string, run: () => unknown): unknown {
    if (this.#dead) throw new SimulatedCrash(name);
    return run();
  }

  #effect(name: string, run: () => unknown): unknown {
    if (this.#dead) throw new SimulatedCrash(name);
    this.log.push(name);
    const here = this.#point?.at === this.log.length ? this.#point.when : undefined;
    if (here === 'before') this.#die(name);
    const result = run();
    if (here !== 'after') return result;
    if (result instanceof Promise) return result.then(() => this.#die(name));
    return this.#die(name);
  }

  #die(name: string): never {
    this.#dead = true;
    throw new SimulatedCrash(name);
  }
}

function describe(args: readonly unknown[]): string {
  const [first] = args;
  if (typeof first === 'string') return first;
  if (typeof first === 'object' && first !== null && 'what' in first) return String(first.what);
  return '';
}
