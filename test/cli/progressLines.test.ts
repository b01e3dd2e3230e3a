import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GroupProgress } from '../../src/cli/progress/groupProgress.js';
import { ProgressLines } from '../../src/cli/progress/progressLines.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function follow() {
  const lines: string[] = [];
  vi.spyOn(ProgressLines.prototype, 'log').mockImplementation((line) => {
    lines.push(line);
  });
  const progress = new ProgressLines();
  const at = (block: number, headBlock = block) =>
    progress.update('east', {
      bookedBlock: block,
      indexedBlock: block,
      headBlock,
      startBlock: 0,
      hits: block,
      operations: block,
      commits: 1,
      onTop: true,
    });
  return { lines, progress, at };
}

const atHead = (block: number) =>
  `east: block ${block} of ${block}, ${block} hits, ${block} operations`;

test('a block that comes soon after a line is said within seconds, though nothing comes after it', () => {
  const { lines, at } = follow();
  at(1);
  vi.advanceTimersByTime(1_000);
  at(2);
  expect(lines).toEqual([atHead(1)]);
  vi.advanceTimersByTime(4_000);
  expect(lines).toEqual([atHead(1), atHead(2)]);
});

test('of several blocks in a few seconds, only the last is printed, and none twice', () => {
  const { lines, at } = follow();
  at(1);
  for (const block of [2, 3, 4, 4]) {
    vi.advanceTimersByTime(500);
    at(block);
  }
  vi.advanceTimersByTime(60_000);
  at(4);
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([atHead(1), atHead(4)]);
});

test('nothing is printed after the end', () => {
  const { lines, progress, at } = follow();
  at(1);
  vi.advanceTimersByTime(1_000);
  at(2);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([atHead(1)]);
});

test('a chain with groups is as far as the group that is the least far, once all of them have said how far', () => {
  const chain = { name: 'east' };
  const groups = new GroupProgress([
    { name: 'east/main', chain },
    { name: 'east/second', chain },
    { name: 'west', chain: { name: 'west' } },
  ]);
  const progress = (block: number, headBlock: number) => ({
    ...{ bookedBlock: block, indexedBlock: block - 1, headBlock, startBlock: block - 5 },
    ...{ hits: 2, operations: 3, commits: 1, onTop: block === headBlock },
  });
  expect(groups.add('east/main', progress(50, 100))).toBeNull();
  expect(groups.add('west', progress(7, 9))).toEqual({ name: 'west', progress: progress(7, 9) });
  expect(groups.add('east/second', progress(101, 101))).toEqual({
    name: 'east',
    progress: {
      ...{ bookedBlock: 50, indexedBlock: 49, headBlock: 101, startBlock: 45 },
      ...{ hits: 4, operations: 6, commits: 2, onTop: false },
    },
  });
});
