/**
 * Works on several inputs at once and yields the results in the order of the inputs. What is
 * under way when the consumer stops is finished and dropped.
 */
export async function* inOrder<T, R>(
  atOnce: number,
  inputs: AsyncIterable<T>,
  work: (input: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  const iterator = inputs[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done) break;
      const result = work(next.value);
      // Its failure is thrown when its turn comes.
      result.catch(() => undefined);
      running.push(result);
      const [first] = running;
      if (running.length >= atOnce && first !== undefined) {
        running.shift();
        yield await first;
      }
    }
    for (const result of running) yield await result;
  } finally {
    await iterator.return?.();
  }
}
