import type { AsOf } from '../chains/asOf.js';
import { hexOf } from '../query/decode.js';

/**
 * The head of the chain, read in the same statement as rows of the cache `holder`, that is at
 * the same instant: the cache has the newest state only, and must be that of the moment.
 */
export interface CursorColumns {
  readonly height: number;
  readonly hash: Buffer;
}

/** The cache has moved on since the moment was looked up: read the history instead. */
export class StaleMomentError extends Error {
  override readonly name = 'StaleMomentError';
}

/** @throws StaleMomentError */
export function assertStillNewest(cursor: CursorColumns | undefined, asOf: AsOf): void {
  if (cursor?.height !== asOf.block || hexOf(cursor.hash) !== asOf.hash) {
    throw new StaleMomentError(`block ${asOf.block} is not the newest any more`);
  }
}

/** The answer of the cache; `null` if it has moved on. */
export async function unlessStale<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StaleMomentError) return null;
    throw error;
  }
}
