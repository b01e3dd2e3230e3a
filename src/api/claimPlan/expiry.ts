import { earliestOfSnapshot } from '../../ledger/snapshotClock.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { BlockPace } from '../../store/read/chains/blockPace.js';
import type { SnapshotRecord } from '../../store/read/tokens/snapshots.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { asEarliestSnapshot, earliestNextSnapshot } from '../objects/tokens/earliestSnapshot.js';
import type { EarliestSnapshotType } from '../objects/tokens/token.js';

/** Until when a snapshot can be claimed. */
export interface ClaimExpiry {
  /** The snapshot after which it cannot: so many are left; `null`: it never expires. */
  readonly snapshotsLeft: number | null;
  /** When that snapshot can be taken at the earliest; `null` where it cannot be known. */
  readonly earliest: EarliestSnapshotType | null;
  /** The next block can have that snapshot. */
  readonly isDue: boolean;
}

/** A token's snapshots as seen from a moment. */
export interface SnapshotOutlook {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly lastSnapshot: SnapshotRecord | null;
}

/** When a snapshot expires of which `snapshotsLeft` more may be taken. */
export function expiryOf(outlook: SnapshotOutlook, snapshotsLeft: number | null): ClaimExpiry {
  const { token, asOf, lastSnapshot } = outlook;
  const next = earliestNextSnapshot(token, asOf.block, lastSnapshot);
  if (snapshotsLeft === null || next === null) {
    return { snapshotsLeft, earliest: null, isDue: false };
  }
  const nextBlock = nextBlockOf(outlook);
  const { terms } = rulesAt(token.rules, asOf.block);
  const value = earliestOfSnapshot(terms, snapshotsLeft, clockOf(next), nextBlock);
  if (value === null || terms.intervalUnit === null) {
    return { snapshotsLeft, earliest: null, isDue: false };
  }
  const isDue = snapshotsLeft === 1 && value <= nextBlock && asOf.isNewest;
  return { snapshotsLeft, earliest: asEarliestSnapshot(value, terms.intervalUnit), isDue };
}

/**
 * How long from the moment of the plan, for comparing tokens that count blocks with tokens that
 * count seconds. A chain's pace so far stands for its pace to come: it orders, and is shown to
 * nobody. `null`: not known.
 */
export function millisecondsLeft(
  { earliest, isDue }: ClaimExpiry,
  asOf: AsOf,
  pace: BlockPace | undefined,
): bigint | null {
  if (isDue) return 0n;
  if (earliest === null) return null;
  if (earliest.timestamp !== null) return BigInt(earliest.timestamp.getTime() - timeOf(asOf));
  if (earliest.block === null || pace === undefined) return null;
  return (BigInt(earliest.block - asOf.block) * pace.milliseconds) / pace.blocks;
}

/** Number of the next block, or a second that it is not before. */
function nextBlockOf({ token, asOf }: SnapshotOutlook): bigint {
  if (rulesAt(token.rules, asOf.block).terms.intervalUnit === 'blocks')
    return BigInt(asOf.block + 1);
  return BigInt(Math.floor(timeOf(asOf) / 1000)) + 1n;
}

/** Without the block's own time, that of the server is the best there is. */
function timeOf({ timestamp }: AsOf): number {
  return timestamp?.getTime() ?? Date.now();
}

function clockOf({ block, timestamp }: EarliestSnapshotType): bigint {
  if (block !== null) return BigInt(block);
  return BigInt(timestamp?.getTime() ?? 0) / 1000n;
}
