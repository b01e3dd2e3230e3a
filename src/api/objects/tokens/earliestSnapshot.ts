import type { IntervalUnit } from '../../../ledger/state.js';
import { rulesAt } from '../../../ledger/terms.js';
import type { SnapshotRecord } from '../../../store/read/tokens/snapshots.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import type { EarliestSnapshotType } from './token.js';

/** Arbitrum One, Nova and Sepolia: `block.number` is that of Ethereum (docs/domain.md#telling-policies-apart). */
const CHAINS_COUNTING_ETHEREUM_BLOCKS = new Set([42_161, 42_170, 421_614]);

const MAX_INT = 2n ** 31n - 1n;
/** The last second that a JavaScript date can be. */
const MAX_SECONDS = 8_640_000_000_000n;

/**
 * When the next snapshot can be taken at the earliest: strictly more than the interval after
 * the last one (docs/domain.md#reference, #windowed). `null` where that cannot be known (no snapshot yet and no
 * getter that says where the count began; an interval that no getter says; Ethereum blocks of which we see none) or will never be.
 *
 * @param block whose terms hold
 */
export function earliestNextSnapshot(
  { chainId, rules, initialLastSnapshot }: TokenRecord,
  block: number,
  last: SnapshotRecord | null,
): EarliestSnapshotType | null {
  const { interval, intervalUnit } = rulesAt(rules, block).terms;
  if (interval === null || intervalUnit === null) return null;
  const isInBlocks = intervalUnit === 'blocks';
  if (isInBlocks && CHAINS_COUNTING_ETHEREUM_BLOCKS.has(chainId)) return null;
  const since = last === null ? initialLastSnapshot : positionOf(last, isInBlocks);
  if (since === null) return null;
  return asEarliestSnapshot(since + interval + 1n, intervalUnit);
}

/** A block number or seconds since 1970 as they are shown; `null` beyond what can be written. */
export function asEarliestSnapshot(
  earliest: bigint,
  unit: IntervalUnit,
): EarliestSnapshotType | null {
  if (unit === 'blocks') {
    return earliest > MAX_INT ? null : { block: Number(earliest), timestamp: null };
  }
  if (earliest > MAX_SECONDS) return null;
  return { block: null, timestamp: new Date(Number(earliest) * 1000) };
}

function positionOf({ block, timestamp }: SnapshotRecord, isInBlocks: boolean): bigint {
  return isInBlocks ? BigInt(block) : BigInt(timestamp.getTime()) / 1000n;
}
