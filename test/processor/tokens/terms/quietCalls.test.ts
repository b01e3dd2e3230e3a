import { describe, expect, test } from 'vitest';
import { QuietCalls } from '../../../../src/processor/tokens/terms/quietCalls.js';

const PAY = '0x11111111';
const SET = '0x22222222';
const called = (...selectors: string[]) => new Set(selectors);

const dueIn = (calls: QuietCalls, blocks: number, ...selectors: string[]) =>
  Array.from({ length: blocks }, () => calls.isDue(called(...selectors))).filter(Boolean).length;

describe('the terms are asked after the calls of a function', () => {
  test('the terms are read in the first 32 blocks with a function, then in one of 64', () => {
    const calls = new QuietCalls();
    expect(dueIn(calls, 32, PAY)).toBe(32);
    expect(dueIn(calls, 640, PAY)).toBe(10);
  });

  test('the terms are read in each block that also calls a rare function', () => {
    const calls = new QuietCalls();
    dueIn(calls, 40, PAY);
    expect(dueIn(calls, 32, PAY, SET)).toBe(32);
    expect(dueIn(calls, 10, PAY, SET)).toBe(0);
  });

  test('the terms are read in each block, for ever, if the function changed them once', () => {
    const calls = new QuietCalls();
    dueIn(calls, 40, PAY);
    calls.changed(called(PAY));
    expect(dueIn(calls, 100, PAY)).toBe(100);
  });

  test('the terms are read in each block in which code changed', () => {
    expect(dueIn(new QuietCalls(), 100)).toBe(100);
  });

  test('the terms are read in each block after calls of 1,000 other functions', () => {
    const calls = new QuietCalls();
    for (let selector = 0; selector < 1_000; selector++) dueIn(calls, 1, `0x${selector}`);
    expect(dueIn(calls, 100, PAY)).toBe(100);
  });
});
