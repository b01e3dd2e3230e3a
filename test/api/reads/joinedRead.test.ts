import { expect, test } from 'vitest';
import { JoinedRead, type JoinedReadOptions } from '../../../src/api/reads/joinedRead.js';

/** A read that answers on command. */
function heldRead(options: Partial<JoinedReadOptions> = {}) {
  const statements: { readonly keys: readonly number[]; answer(): void; fail(): void }[] = [];
  let noticed: (() => void) | null = null;
  const read = new JoinedRead<number, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        statements.push({
          keys,
          answer: () => resolve(keys.map((key) => `a${key}`)),
          fail: () => reject(new Error('lost')),
        });
        noticed?.();
      }),
    String,
    { atOnce: 1, ...options },
  );
  const statement = async (index: number) => {
    while (statements[index] === undefined) {
      await new Promise<void>((resolve) => {
        noticed = resolve;
      });
    }
    return statements[index];
  };
  return { read, statement, statements };
}

test('requests during a statement share the next one, and get their own answers', async () => {
  const { read, statement, statements } = heldRead();
  const first = read.read([1]);
  const running = await statement(0);
  const second = read.read([2, 3]);
  const third = read.read([3, 1]);
  expect(statements).toHaveLength(1);
  running.answer();
  expect(await first).toEqual(['a1']);
  const next = await statement(1);
  expect(next.keys).toEqual([2, 3, 1]);
  next.answer();
  expect(await second).toEqual(['a2', 'a3']);
  expect(await third).toEqual(['a3', 'a1']);
  expect(statements).toHaveLength(2);
});

test('an answer is never older than its question', async () => {
  const { read, statement } = heldRead();
  const before = read.read([1]);
  const running = await statement(0);
  const after = read.read([1]);
  running.answer();
  await before;
  const fresh = await statement(1);
  fresh.answer();
  expect(await after).toEqual(['a1']);
});

test('a failure is that of its statement only', async () => {
  const { read, statement } = heldRead();
  const first = read.read([1]);
  (await statement(0)).fail();
  await expect(first).rejects.toThrow('lost');
  const second = read.read([1]);
  (await statement(1)).answer();
  expect(await second).toEqual(['a1']);
});

test('many keys do not hold up a few', async () => {
  const { read, statement } = heldRead();
  const few = read.read([1]);
  const running = await statement(0);
  const many = read.read(Array.from({ length: 1_000 }, (_, index) => index));
  const others = read.read([5]);
  running.answer();
  await few;
  const large = await statement(1);
  expect(large.keys).toHaveLength(1_000);
  large.answer();
  await many;
  const small = await statement(2);
  expect(small.keys).toEqual([5]);
  small.answer();
  expect(await others).toEqual(['a5']);
});

test('a statement has at most so many keys, unless one request has more', async () => {
  const { read, statement } = heldRead({ together: 3 });
  const first = read.read([1]);
  const running = await statement(0);
  const rest = [[2, 3], [4], [5], [6, 7, 8, 9]].map((keys) => read.read(keys));
  running.answer();
  await first;
  const asked: (readonly number[])[] = [];
  for (const index of [1, 2, 3]) {
    const { keys, answer } = await statement(index);
    asked.push(keys);
    answer();
  }
  expect(asked).toEqual([[2, 3, 4], [5], [6, 7, 8, 9]]);
  expect((await Promise.all(rest)).flat()).toEqual(
    [2, 3, 4, 5, 6, 7, 8, 9].map((key) => `a${key}`),
  );
});

test('requests for the same count once', async () => {
  const { read, statement, statements } = heldRead({ together: 3 });
  const first = read.read([0]);
  const running = await statement(0);
  const same = Array.from({ length: 50 }, () => read.read([1, 2, 3]));
  running.answer();
  await first;
  const shared = await statement(1);
  expect(shared.keys).toEqual([1, 2, 3]);
  shared.answer();
  expect(await Promise.all(same)).toEqual(same.map(() => ['a1', 'a2', 'a3']));
  expect(statements).toHaveLength(2);
});
