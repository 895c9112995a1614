import { expect, test } from '@jest/globals';
import { createWaitWatch } from '../../src/operations/wait-watch.js';
import type { ProgressEvent } from '../../src/ports/progress.js';

function rig() {
  const events: ProgressEvent[] = [];
  const clock = {
    now: () => 0,
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const progress = { report: (event: ProgressEvent) => void events.push(event) };
  return { events, watch: createWaitWatch({ clock, progress }, 'activate') };
}

async function ticks(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await new Promise((done) => setImmediate(done));
}

test('what takes longer than five seconds is named until it is over', async () => {
  const { events, watch } = rig();
  let finish = (): void => undefined;
  const hanging = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = watch.during('reload', ['web1', 'web2'], () => hanging);
  await watch.during('handshake', ['web3'], () => ticks(2));
  await ticks(20);
  expect(events[0]).toEqual({
    type: 'waiting',
    step: 'activate',
    what: 'reload',
    members: ['web1', 'web2'],
    seconds: 5,
  });
  finish();
  await work;
  await ticks(2);
  const told = events.length;
  await ticks(20);
  expect(events).toHaveLength(told);
});

test('an ended watch says nothing more', async () => {
  const { events, watch } = rig();
  const work = watch.during('reload', ['web1'], () => ticks(30));
  watch.end();
  await work;
  expect(events).toEqual([]);
});
