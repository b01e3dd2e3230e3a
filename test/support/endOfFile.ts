/** Ends what a test file has started. */
type CleanUp = () => void | Promise<void>;

const cleanUps: CleanUp[] = [];
const lastCleanUps = new Set<CleanUp>();

/**
 * Calls `cleanUp` after the last test of the file that runs now.
 *
 * Test files share the modules of their worker. A helper module that called `afterAll` when it
 * loads would clean up only for the first file that imports it.
 */
export function atEndOfFile(cleanUp: CleanUp): void {
  cleanUps.push(cleanUp);
}

/** Calls `cleanUp` once when all other clean-ups of the file that runs now have ended. */
export function atVeryEndOfFile(cleanUp: CleanUp): void {
  lastCleanUps.add(cleanUp);
}

/** Runs all clean-ups at once, then the last ones. Throws the first failure when all have ended. */
export async function endFile(): Promise<void> {
  const ended = await runAll(cleanUps.splice(0));
  const last = [...lastCleanUps];
  lastCleanUps.clear();
  ended.push(...(await runAll(last)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

function runAll(cleanUpsNow: readonly CleanUp[]): Promise<PromiseSettledResult<void>[]> {
  return Promise.allSettled(cleanUpsNow.map(async (cleanUp) => cleanUp()));
}
