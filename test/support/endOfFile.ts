/** Ends what a test file has started. */
type CleanUp = () => void | Promise<void>;

const cleanUps: CleanUp[] = [];

/**
 * Calls `cleanUp` after the last test of the file that runs now.
 *
 * Test files share the modules of their worker. A helper module that called `afterAll` when it
 * loads would clean up only for the first file that imports it.
 */
export function atEndOfFile(cleanUp: CleanUp): void {
  cleanUps.push(cleanUp);
}

/** Runs all clean-ups at once. Throws the first failure when all have ended. */
export async function endFile(): Promise<void> {
  const ended = await Promise.allSettled(cleanUps.splice(0).map(async (cleanUp) => cleanUp()));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
