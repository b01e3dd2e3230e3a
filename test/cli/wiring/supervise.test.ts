import { expect, test } from 'vitest';
import { supervise } from '../../../src/cli/wiring/supervise.js';

test('a process that ends starts again after longer and longer pauses, up to a minute', async () => {
  const stop = new AbortController();
  const pauses: number[] = [];
  const lines: string[] = [];
  let clock = 0;
  let runs = 0;
  await supervise({
    name: 'ethereum',
    signal: stop.signal,
    log: (line) => lines.push(line),
    now: () => clock,
    async run() {
      runs += 1;
      // The ninth run was well for a minute.
      if (runs === 9) clock += 60_000;
      if (runs === 11) stop.abort();
      throw new Error('the indexer of ethereum ended with code 1');
    },
    async pause(ms) {
      pauses.push(ms / 1_000);
    },
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 1, 2]);
  expect(lines[0]).toBe(
    '[ethereum] the indexer of ethereum ended with code 1; it starts again in 1 s',
  );
});

test('a process that is stopped does not start again', async () => {
  const stop = new AbortController();
  let runs = 0;
  const log = () => expect.fail('nothing is to be logged');
  await supervise({
    name: 'api 1',
    signal: stop.signal,
    log,
    async run() {
      runs += 1;
      stop.abort();
    },
  });
  expect(runs).toBe(1);
});
