import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readAhead } from '../../../src/chain/source/readAhead.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number++) yield number;
}

async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await turn();
}

async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const some of batches) found.push(...some);
  return found;
}

test('results come in the order of the inputs, whatever takes longest', async () => {
  const work = async (number: number) => {
    await turns(5 - number);
    return number;
  };
  const found = await all(readAhead({ working: 3, waiting: 5 }, numbers(5), work));
  expect(found).toEqual([0, 1, 2, 3, 4]);
});

test('results that became ready while the consumer was busy come together, up to the limit', async () => {
  const started: number[] = [];
  const work = async (number: number) => void started.push(number);
  const results = readAhead({ working: 2, waiting: 4 }, numbers(20), work);
  await results.next();
  await turns(20);
  expect(started.length).toBeLessThanOrEqual(5);
  expect((await results.next()).value).toHaveLength(4);
  await results.return(undefined);
  await turns(20);
  expect(started.length).toBeLessThanOrEqual(9);
});

test('no more inputs are worked on at once than allowed', async () => {
  let atOnce = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++atOnce);
    await turns(3);
    atOnce--;
  };
  await all(readAhead({ working: 3, waiting: 8 }, numbers(12), work));
  expect(most).toBe(3);
  most = 0;
  // More are allowed after the fourth.
  let started = 0;
  const ahead = {
    get working() {
      return started < 4 ? 1 : 5;
    },
    waiting: 8,
  };
  await all(
    readAhead(ahead, numbers(12), async () => {
      started++;
      await work();
    }),
  );
  expect(most).toBe(5);
});

test('a failure is thrown in its turn, after the results before it', async () => {
  const found: number[] = [];
  const work = async (number: number) => {
    if (number === 2) throw new Error('two');
    await turns(4);
    return number;
  };
  const run = async () => {
    for await (const some of readAhead({ working: 4, waiting: 8 }, numbers(9), work)) {
      found.push(...some);
    }
  };
  await expect(run()).rejects.toThrow('two');
  expect(found).toEqual([0, 1]);
});

test('a failure of the inputs is thrown after the results of those before it', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    throw new Error('inputs');
  }
  const found: number[] = [];
  const run = async () => {
    for await (const some of readAhead({ working: 2, waiting: 4 }, failing(), async (n) => n)) {
      found.push(...some);
    }
  };
  await expect(run()).rejects.toThrow('inputs');
  expect(found).toEqual([1, 2]);
});
