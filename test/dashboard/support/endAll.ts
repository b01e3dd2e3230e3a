type Ending = { close(): Promise<unknown> } | { stop(): Promise<unknown> | unknown };

/** Ends what a test started, one after the other; what did not start is left out. */
export async function endAll(...all: readonly (Ending | undefined)[]): Promise<void> {
  for (const one of all) {
    if (one === undefined) continue;
    await ('close' in one ? one.close() : one.stop());
  }
}
