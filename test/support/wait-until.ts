import { setTimeout as pause } from 'node:timers/promises';

/** Asks every 20 ms until the answer is yes; after `limitMs` throws, naming what was waited for. */
export async function waitUntil(
  what: string,
  ask: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const giveUp = performance.now() + limitMs;
  while (!(await ask())) {
    if (performance.now() > giveUp) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await pause(20);
  }
}
