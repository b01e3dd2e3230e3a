import { expect, onTestFinished, test, vi } from 'vitest';
import { followHead } from '../../../src/processor/reorgs/followHead.js';
import { HeadPace } from '../../../src/processor/reorgs/headPace.js';

const LONGEST_MS = 5_000;

interface Followed {
  readonly questions: number;
  /** Milliseconds from each block to the question that saw it. */
  readonly lateMs: readonly number[];
}

/** Follows a chain that has a block at each of these times. */
function followed(blocksAt: readonly number[], until: number): Followed {
  const pace = new HeadPace(LONGEST_MS);
  const lateMs: number[] = [];
  let questions = 0;
  for (let at = 0; at < until; at += pace.pauseMs(at)) {
    const height = blocksAt.filter((time) => time <= at).length;
    for (const time of blocksAt.slice(lateMs.length, height)) lateMs.push(at - time);
    pace.saw(height, at);
    questions++;
  }
  return { questions, lateMs };
}

const every = (milliseconds: number, count: number) =>
  Array.from({ length: count }, (_, index) => (index + 1) * milliseconds);

test('a chain with a block every 12 seconds is asked a few times a block, and each is seen within a second', () => {
  const { questions, lateMs } = followed(every(12_000, 50), 600_000);
  expect(Math.max(...lateMs.slice(3))).toBeLessThan(1_000);
  expect(questions).toBeLessThan(50 * 6);
});

test('blocks every 250 ms are seen within half of that time', () => {
  const { questions, lateMs } = followed(every(250, 400), 100_000);
  expect(Math.max(...lateMs.slice(10))).toBeLessThan(125);
  expect(questions).toBeLessThan(1_100);
});

test('a chain that rests is asked at the longest pause only, and found again when it continues', () => {
  const blocks = [...every(1_000, 20), ...every(1_000, 20).map((time) => time + 300_000)];
  const { questions, lateMs } = followed(blocks, 330_000);
  expect(lateMs).toHaveLength(40);
  expect(Math.max(...lateMs)).toBeLessThanOrEqual(LONGEST_MS);
  expect(questions).toBeLessThan(60 + 40 * 10);
});

test('a shorter fork is followed at once by the pace that is known', () => {
  const pace = new HeadPace(LONGEST_MS);
  for (const [height, at] of [
    [1, 0],
    [2, 12_000],
    [3, 24_000],
    [2, 24_500],
  ] as const) {
    pace.saw(height, at);
  }
  expect(pace.pauseMs(24_500)).toBe(LONGEST_MS);
  expect(pace.pauseMs(35_500)).toBe(750);
});

test.each([
  [40, 960],
  [999, 1],
  [2_500, 0],
])(
  'a block that takes %i ms to commit leaves %i ms of a second until the next question',
  async (workMs, pauseMs) => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    onTestFinished(() => clock.mockRestore());
    const pauses: number[] = [];
    await followHead({
      watch: { look: async () => ({ kind: 'ours', tipHeight: 0, finalizedHeight: 0 }) },
      headNumber: async () => 1,
      navigate: async () => {
        now += workMs;
      },
      isEnd: () => pauses.length > 0,
      pollMs: 1_000,
      newHeads: {
        saw: () => undefined,
        announced: () => false,
        wait: async (milliseconds) => void pauses.push(milliseconds),
      },
      onWarning: () => undefined,
      signal: new AbortController().signal,
    });
    expect(pauses).toEqual([pauseMs]);
  },
);
