import { expect, test } from 'vitest';
import { Intake } from '../../../src/api/limits/turns/intake.js';

/** Keeps the process busy, as reading a long query does. */
function read(ms: number): void {
  const startedAt = performance.now();
  while (performance.now() - startedAt < ms);
}

test('queries are read at once while there are few, and those of clients in turn when there are many', async () => {
  const intake = new Intake();
  const order: string[] = [];
  const ask = async (client: string) => {
    const done = await intake.enter(client);
    order.push(client);
    read(6);
    done();
  };
  await Promise.all(['a', 'a', 'a', 'a', 'b', 'c'].map(ask));
  // Those that came in the first turn of the event loop, then one of each client.
  const [b, c] = [order.indexOf('b'), order.indexOf('c')];
  expect(order.lastIndexOf('a')).toBe(5);
  expect(Math.max(b, c)).toBeLessThan(5);
});

test('other work of the process continues between the queries', async () => {
  const intake = new Intake();
  let turns = 0;
  const count = () => {
    turns += 1;
    if (turns < 1_000) setImmediate(count);
  };
  setImmediate(count);
  const asked = Array.from({ length: 10 }, async () => {
    const done = await intake.enter('a');
    read(6);
    done();
    return turns;
  });
  const seen = await Promise.all(asked);
  expect(new Set(seen).size).toBeGreaterThan(5);
  turns = 1_000;
});
