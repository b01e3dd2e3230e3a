import { RpcError } from '@subsquid/rpc-client';
import type { BlockRange } from '../../chain/rpc/endpoints/rangeLimit.js';
import { mayBeTooMuch } from '../../chain/rpc/endpoints/refusal.js';
import { ImoError } from '../../errors.js';

/** What was found in a part of the chain. */
export interface RangeFindings<Item> {
  readonly items: readonly Item[];
  /** The last block that was searched. */
  readonly to: number;
  /** Everything was searched, up to the end of the range. */
  readonly isWhole: boolean;
}

export interface RangeSearch<Item> {
  readonly range: BlockRange;
  /** Lists what a part of the range holds. */
  readonly ask: (range: BlockRange) => Promise<readonly Item[]>;
  /** Ends the search early. */
  readonly isEnough: (items: readonly Item[]) => boolean;
  readonly signal: AbortSignal;
}

/** Questions that one search may take. */
const MOST_CALLS = 1_000;
const FIRST_WIDTH = 2_000;
const WIDEST = 100_000;
/** Entries of an answer from which on ranges do not grow. */
const MANY_ENTRIES = 2_000;

/**
 * Searches a range from its start by questions that grow, and are halved where a node refuses them.
 *
 * @throws ImoError with a code `RPC_…` where the node refuses the smallest question too
 */
export async function searchRange<Item>({
  range,
  ask,
  isEnough,
  signal,
}: RangeSearch<Item>): Promise<RangeFindings<Item>> {
  const items: Item[] = [];
  let width = FIRST_WIDTH;
  let from = range.from;
  for (let calls = 0; from <= range.to && calls < MOST_CALLS; calls++) {
    signal.throwIfAborted();
    const to = Math.min(from + width - 1, range.to);
    try {
      const found = await ask({ from, to });
      for (const item of found) items.push(item);
      from = to + 1;
      if (isEnough(items)) break;
      if (found.length < MANY_ENTRIES) width = Math.min(width * 2, WIDEST);
    } catch (error) {
      if (from === to || !isTooMuch(error)) throw error;
      width = Math.max(1, Math.floor((to - from + 1) / 2));
    }
  }
  return { items, to: from - 1, isWhole: from > range.to };
}

function isTooMuch(error: unknown): boolean {
  if (!(error instanceof ImoError)) return false;
  if (error.cause instanceof RpcError) return mayBeTooMuch(error.cause);
  return error.code === 'RPC_ANSWER_TOO_LARGE';
}
