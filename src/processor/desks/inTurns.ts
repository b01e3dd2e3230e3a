/** Blocks about which a node is asked at the same time while they are put in order. */
export const BLOCKS_AT_ONCE = 8;

/**
 * Does the same work for many things, some at a time, and keeps the order of the results. Nothing
 * new begins after a failure.
 *
 * @throws the failure of the first thing that failed, in the order of the things
 */
export async function inTurns<T, R>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures = new Map<number, unknown>();
  let next = 0;
  const worker = async () => {
    for (;;) {
      const index = next++;
      const thing = things[index];
      if (index >= things.length || thing === undefined || failures.size > 0) return;
      try {
        results[index] = await work(thing);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, worker));
  const first = Math.min(...failures.keys());
  if (failures.size > 0) throw failures.get(first);
  return results;
}
