import { describe, expect, test } from 'vitest';
import { QuietCalls } from '../../../../src/processor/tokens/terms/quietCalls.js';

const PAY = '0x11111111';
const SET = '0x22222222';
const called = (...selectors: string[]) => new Set(selectors);

const dueIn = (calls: QuietCalls, blocks: number, ...selectors: string[]) =>
  Array.from({ length: blocks }, () => calls.isDue(called(...selectors))).filter(Boolean).length;

describe('the terms are asked after the calls of a function', () => {
  test('in the first 32 blocks with it, then in one of 64', () => {
    const calls = new QuietCalls();
    expect(dueIn(calls, 32, PAY)).toBe(32);
    expect(dueIn(calls, 640, PAY)).toBe(10);
  });

  test('in each block where a function is called too that was not called often', () => {
    const calls = new QuietCalls();
    dueIn(calls, 40, PAY);
    expect(dueIn(calls, 32, PAY, SET)).toBe(32);
    expect(dueIn(calls, 10, PAY, SET)).toBe(0);
  });

  test('in each block, for ever, where it changed them once', () => {
    const calls = new QuietCalls();
    dueIn(calls, 40, PAY);
    calls.changed(called(PAY));
    expect(dueIn(calls, 100, PAY)).toBe(100);
  });

  test('in each block in which code changed', () => {
    expect(dueIn(new QuietCalls(), 100)).toBe(100);
  });

  test('in each block where 1,000 other functions were called before', () => {
    const calls = new QuietCalls();
    for (let selector = 0; selector < 1_000; selector++) dueIn(calls, 1, `0x${selector}`);
    expect(dueIn(calls, 100, PAY)).toBe(100);
  });
});
