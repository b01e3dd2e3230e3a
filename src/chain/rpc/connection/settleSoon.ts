/**
 * Waits until all promises are settled, but not much longer than for the first good one: the
 * others have a short while more.
 *
 * @returns those that are settled by then, in the order of the promises; `null` for the others
 */
export async function settleSoon<T>(
  promises: readonly Promise<T>[],
  isGood: (value: T) => boolean,
  graceMs: number,
): Promise<(PromiseSettledResult<T> | null)[]> {
  const settled: (PromiseSettledResult<T> | null)[] = promises.map(() => null);
  await new Promise<void>((resolve) => {
    let missing = promises.length;
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const note = (index: number, result: PromiseSettledResult<T>) => {
      settled[index] = result;
      missing--;
      if (missing === 0) end();
      else if (result.status === 'fulfilled' && isGood(result.value)) {
        timer ??= setTimeout(end, graceMs);
      }
    };
    if (missing === 0) end();
    promises.forEach((promise, index) => {
      promise.then(
        (value) => note(index, { status: 'fulfilled', value }),
        (reason: unknown) => note(index, { status: 'rejected', reason }),
      );
    });
  });
  // What comes later is nobody's any more.
  return [...settled];
}
