import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createSystemClock } from '../../../src/adapters/system/clock.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('the system clock', () => {
  test('tells whole seconds', () => {
    jest.useFakeTimers({ now: 1_795_239_979_999 });
    expect(createSystemClock().now()).toBe(1_795_239_979);
  });

  test('does not wake early', async () => {
    const before = performance.now();
    await createSystemClock().sleep(0.05);
    expect(performance.now() - before).toBeGreaterThanOrEqual(50);
  });

  test.each([[0], [-5]])('does not wait for %d seconds', async (seconds) => {
    await expect(createSystemClock().sleep(seconds)).resolves.toBeUndefined();
  });

  test('sleeps longer than a timer of Node can', async () => {
    jest.useFakeTimers();
    let awake = false;
    const day = 86_400;
    const sleeping = createSystemClock()
      .sleep(40 * day)
      .then(() => {
        awake = true;
      });
    await jest.advanceTimersByTimeAsync(39 * day * 1000);
    expect(awake).toBe(false);
    await jest.advanceTimersByTimeAsync(day * 1000);
    await sleeping;
    expect(awake).toBe(true);
  });

  test('goes by elapsed time when the wall clock steps', async () => {
    jest.useFakeTimers({ now: 1_795_239_979_000 });
    let awake = false;
    const sleeping = createSystemClock()
      .sleep(10)
      .then(() => {
        awake = true;
      });
    jest.setSystemTime(1_795_339_979_000);
    await jest.advanceTimersByTimeAsync(5000);
    expect(awake).toBe(false);
    await jest.advanceTimersByTimeAsync(5000);
    await sleeping;
    expect(awake).toBe(true);
  });
});
