import { operationId } from '../../ids.js';
import type { Range } from '../query/decode.js';
import { compareValues } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { blockWindow, type OperationWindow, readBlockRanges } from './operationWindows.js';

/**
 * The position of an operation among those of all tokens and chains: by time, then by chain, block,
 * token and position. For one token this is the order of its chain.
 */
export interface OperationKey {
  /** Time of the block, in milliseconds since 1970. */
  readonly time: number;
  readonly chainId: number;
  readonly block: number;
  readonly tokenNumber: number;
  readonly position: number;
}

export function compareOperations(left: OperationKey, right: OperationKey): number {
  return (
    compareValues(left.time, right.time) ||
    compareValues(left.chainId, right.chainId) ||
    compareValues(left.block, right.block) ||
    compareValues(left.tokenNumber, right.tokenNumber) ||
    compareValues(left.position, right.position)
  );
}

/** The parts of the windows strictly after `key` (`isDescending`: strictly before it). */
export async function windowsBeyond(
  db: Queryable,
  windows: readonly OperationWindow[],
  key: OperationKey,
  isDescending: boolean,
): Promise<OperationWindow[]> {
  const elsewhere = [...new Set(windows.map(({ chainId }) => chainId))].filter(
    (chainId) => chainId !== key.chainId,
  );
  // Block numbers of another chain cannot be compared: compare the times of its blocks.
  const blocksOf =
    elsewhere.length === 0
      ? new Map<number, Range<number>>()
      : await readBlockRanges(
          db,
          elsewhere.map((chainId) => timesBeyond(chainId, key, isDescending)),
        );
  return windows.flatMap((window) => {
    if (window.chainId !== key.chainId) {
      const blocks = blocksOf.get(window.chainId);
      if (blocks === undefined) return [];
      return narrowed(window, blocks.gte ?? 0, blocks.lte ?? window.toBlock);
    }
    if (window.tokenNumber === key.tokenNumber) return besideKey(window, key, isDescending);
    // In the block of the key, tokens with a higher number come later.
    const isLater = window.tokenNumber > key.tokenNumber;
    return isDescending
      ? narrowed(window, window.fromBlock, isLater ? key.block - 1 : key.block)
      : narrowed(window, isLater ? key.block : key.block + 1, window.toBlock);
  });
}

function timesBeyond(chainId: number, key: OperationKey, isDescending: boolean) {
  const isSameTimeBeyond = isDescending ? chainId < key.chainId : chainId > key.chainId;
  if (isDescending) {
    return { chainId, from: null, to: new Date(isSameTimeBeyond ? key.time : key.time - 1) };
  }
  return { chainId, from: new Date(isSameTimeBeyond ? key.time : key.time + 1), to: null };
}

function narrowed(window: OperationWindow, fromBlock: number, toBlock: number) {
  return blockWindow(
    window.tokenNumber,
    window.chainId,
    Math.max(window.fromBlock, fromBlock),
    Math.min(window.toBlock, toBlock),
  );
}

function besideKey(window: OperationWindow, key: OperationKey, isDescending: boolean) {
  const { tokenNumber, block, position } = key;
  if (!isDescending) {
    const fromId = operationId(tokenNumber, block, position + 1);
    return narrowed(window, block, window.toBlock).map((rest) => ({
      ...rest,
      fromId: isBefore(fromId, rest.fromId) ? rest.fromId : fromId,
    }));
  }
  if (position === 0) return narrowed(window, window.fromBlock, block - 1);
  const toId = operationId(tokenNumber, block, position - 1);
  return narrowed(window, window.fromBlock, block).map((rest) => ({
    ...rest,
    toId: isBefore(toId, rest.toId) ? toId : rest.toId,
  }));
}

/** Row ids are text that sorts byte by byte. */
function isBefore(id: string, other: string): boolean {
  return id < other;
}
