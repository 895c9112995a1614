import { describe, expect, test } from '@jest/globals';
import {
  decideNextStep,
  type NextStepQuestion,
  type RunningOperation,
} from '../../src/zone/decide-next-step.js';
import { DAY } from '../../src/zone/instant.js';

const NOW = 1_800_000_000;
const REST: NextStepQuestion = {
  now: NOW,
  authorityEnds: NOW + 1000 * DAY,
  operations: [],
  unfinished: 0,
  differing: 0,
  expired: 0,
  ending: 0,
  without: [],
};

function running(standing: RunningOperation['standing'], more: Partial<RunningOperation> = {}) {
  return { operations: [{ id: 'op-1', standing, missing: 0, failed: [], ...more }] };
}

describe('the next thing to type', () => {
  test.each<readonly [string, Partial<NextStepQuestion>, string | undefined]>([
    ['all is well', {}, undefined],
    ['a zone without a CA of its own', { authorityEnds: null }, undefined],
    ['the CA ends in 90 days', { authorityEnds: NOW + 90 * DAY }, 'zmint ssl remint --ca'],
    ['the CA ends in 91 days', { authorityEnds: NOW + 91 * DAY }, undefined],
    ['the CA has expired', { authorityEnds: NOW - 1, expired: 3 }, 'zmint ssl remint --ca'],
    ['servers have expired', { expired: 1 }, 'zmint ssl remint --due 30d'],
    ['servers end soon', { ending: 1 }, 'zmint ssl remint --due 30d'],
    ['a server has no certificate', { without: ['web1'] }, 'zmint ssl remint web1'],
    ['links differ', { differing: 1 }, 'zmint doctor'],
    ['a server was not added to the end', { unfinished: 1, differing: 1 }, 'zmint ssl resume'],
    ['interrupted', { ...running('interrupted'), differing: 1 }, 'zmint ssl resume'],
    ['its instant has not come', running('waits-for-instant'), undefined],
    [
      'its instant has not come, a certificate could not be made',
      running('waits-for-instant', { failed: ['web1'] }),
      'zmint ssl resume',
    ],
    ['the gate is shut', running('waits-for-gate', { missing: 2 }), 'zmint update readiness'],
    ['rolled back', running('waits-for-person'), 'zmint ssl activate'],
    ['its time has come', running('due'), 'zmint ssl resume'],
    ['half activated', running('switching', { failed: ['web1'] }), 'zmint ssl verify web1'],
    ['activation cut short', running('switching'), 'zmint ssl resume'],
    ['all trust the new CA', running('waits-for-retire'), 'zmint ssl retire'],
    ['some do not', running('waits-for-retire', { missing: 1 }), 'zmint update readiness'],
    [
      'a CA waits for retiring while servers have expired',
      { ...running('waits-for-retire'), expired: 1 },
      'zmint ssl remint --due 30d',
    ],
  ])('%s', (_why, facts, command) => {
    expect(decideNextStep({ ...REST, ...facts })?.command).toBe(command);
  });
});
