import { expect, test } from 'vitest';
import { DoubtSteps } from '../../../src/processor/holding/doubtSteps.js';

test('a block that does not add up twice is read alone, after what comes before it is committed', () => {
  const steps = new DoubtSteps();
  expect(steps.next).toBeNull();
  steps.doubt(96, 1);
  expect(steps.next).toBeNull();
  steps.doubt(96, 2);
  expect(steps.next).toBe(95);
  steps.done();
  expect(steps.next).toBe(96);
  steps.done();
  expect(steps.next).toBeNull();
});

test('a doubtful block that shows only where an attempt ends stays the end of the next attempts', () => {
  const steps = new DoubtSteps();
  steps.doubt(96, 2);
  // Books are compared before a commit: the fault is older than it seemed.
  steps.doubt(95, 1);
  expect(steps.next).toBe(95);
  steps.doubt(95, 2);
  expect(steps.next).toBe(94);
  steps.done();
  steps.doubt(95, 3);
  expect([steps.next, steps.done(), steps.next]).toEqual([94, undefined, 95]);
  steps.settle();
  expect(steps.next).toBeNull();
});
