import { vi } from 'vitest';

/** Less than a test may take (`testTimeout`), so that the failure shows what was not so. */
const WAIT_AT_MOST_MS = 170_000;

/** Waits until a check throws no more, and returns what it returned. */
export function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: WAIT_AT_MOST_MS, interval: 20 });
}
