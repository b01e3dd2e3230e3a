import { describe, expect, it } from 'vitest';
import { expiryOf, millisecondsLeft } from '../../../src/api/claimPlan/expiry.js';
import { policyNamed } from '../../../src/ledger/policies/registry.js';
import type { IntervalUnit } from '../../../src/ledger/state.js';
import type { SnapshotRecord } from '../../../src/store/read/tokens/snapshots.js';

const SECOND = 1_000;
const HEAD = 1_750_000_000;

/** A token with W = 3 whose last snapshot was so many units ago; an interval has 100. */
function outlook(intervalUnit: IntervalUnit, unitsAgo: number, chainId = 1) {
  const first = {
    percentClaimable: 80n,
    window: 3,
    interval: 100n,
    intervalUnit,
    isPaused: null,
  };
  const token = {
    number: 1,
    chainId,
    address: '0x00000000000000000000000000000000000000aa',
    name: null,
    symbol: null,
    decimals: 18,
    startBlock: 1,
    initialLastSnapshot: null,
    archivedBlock: null,
    heldBlock: null,
    rules: { policy: policyNamed('windowed'), first, changes: [], knownFrom: 0 },
  } as const;
  const timestamp = new Date((HEAD - unitsAgo) * SECOND);
  const lastSnapshot: SnapshotRecord = {
    tokenNumber: 1,
    snapshotId: 3,
    block: 5_000 - unitsAgo,
    timestamp,
    transactionHash: '0x00',
    transactionIndex: 0,
    position: 0,
    newRevenueWei: 0n,
    claimableWei: 0n,
    freshWei: 0n,
    rolledOverWei: 0n,
    redeemableAddedWei: 0n,
    claimedWei: 0n,
    proof: 'VIEW',
    supply: 1n,
  };
  const asOf = {
    chainId,
    block: 5_000,
    hash: null,
    timestamp: new Date(HEAD * SECOND),
    isNewest: true,
  };
  return { token, asOf, lastSnapshot };
}

const inBlocks = (block: number) => ({ block, timestamp: null });
const inSeconds = (seconds: number) => ({
  block: null,
  timestamp: new Date((HEAD + seconds) * SECOND),
});

describe('a claim expires', () => {
  it('a claim expires with the k-th snapshot from now, each strictly more than an interval after the other', () => {
    const young = outlook('blocks', 40);
    expect(expiryOf(young, 1)).toMatchObject({ earliest: inBlocks(5_061), isDue: false });
    expect(expiryOf(young, 2)).toMatchObject({ earliest: inBlocks(5_162), isDue: false });
    expect(expiryOf(young, 3)).toMatchObject({ earliest: inBlocks(5_263), isDue: false });
    expect(expiryOf(outlook('seconds', 40), 2)).toMatchObject({ earliest: inSeconds(162) });
  });

  it('not sooner than the next block allows, where a snapshot is overdue', () => {
    const overdue = outlook('blocks', 700);
    expect(expiryOf(overdue, 1)).toMatchObject({ earliest: inBlocks(4_401), isDue: true });
    expect(expiryOf(overdue, 2)).toMatchObject({ earliest: inBlocks(5_102), isDue: false });
    expect(expiryOf(outlook('seconds', 700), 2)).toMatchObject({ earliest: inSeconds(102) });
  });

  it.each(['blocks', 'seconds'] as const)('is due exactly when the next block can: %s', (unit) => {
    expect(expiryOf(outlook(unit, 99), 1).isDue).toBe(false);
    expect(expiryOf(outlook(unit, 100), 1).isDue).toBe(true);
  });

  it('never, or at a time that nobody can tell', () => {
    const unknown = { earliest: null, isDue: false };
    expect(expiryOf(outlook('blocks', 700), null)).toEqual({ snapshotsLeft: null, ...unknown });
    // Arbitrum counts the blocks of Ethereum.
    expect(expiryOf(outlook('blocks', 700, 42_161), 1)).toEqual({ snapshotsLeft: 1, ...unknown });
  });
});

it('blocks are compared with seconds by the pace of the chain', () => {
  const pace = { blocks: 1_000n, milliseconds: 12_000_000n };
  const left = (unit: IntervalUnit, snapshotsLeft: number, paceOfChain = true) => {
    const seen = outlook(unit, 40);
    return millisecondsLeft(
      expiryOf(seen, snapshotsLeft),
      seen.asOf,
      paceOfChain ? pace : undefined,
    );
  };
  expect(left('blocks', 1)).toBe(61n * 12_000n);
  expect(left('seconds', 1)).toBe(61_000n);
  expect(left('blocks', 1, false)).toBeNull();
});
