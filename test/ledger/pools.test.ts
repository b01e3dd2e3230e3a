import { expect, it } from 'vitest';
import type { SnapshotEntitlementState } from '../../src/ledger/entitlement.js';
import { moveShares, type ShareMovement } from '../../src/ledger/pools/shares.js';
import { type PoolEntitlement, throughPool } from '../../src/ledger/pools/split.js';

function owed(shareWei: bigint, state: SnapshotEntitlementState): PoolEntitlement {
  const claimableWei = state === 'OPEN' ? shareWei : 0n;
  const claimedWei = state === 'CLAIMED' ? shareWei : 0n;
  return {
    snapshots: [{ snapshotId: 1, shareWei, claimableWei, claimedWei, state }],
    accruingWei: 10n,
  };
}

const part = (shares: bigint, totalShares = 3n) => ({ shares, totalShares });

it('each depositor gets its part rounded down, and what is left is the dust of the pool', () => {
  const parts = [1n, 2n].map((shares) =>
    throughPool(owed(10n, 'OPEN'), () => part(shares), part(shares)),
  );
  expect(parts.map(({ totalClaimableWei }) => totalClaimableWei)).toEqual([3n, 6n]);
  expect(parts.map(({ accruingWei }) => accruingWei)).toEqual([3n, 6n]);
  expect(parts[0]?.snapshots[0]).toEqual({
    snapshotId: 1,
    poolShareWei: 10n,
    shares: 1n,
    totalShares: 3n,
    shareWei: 3n,
    claimableWei: 3n,
    claimedWei: 0n,
    state: 'OPEN',
  });
});

it('a pool without shares owes nobody anything', () => {
  const through = throughPool(owed(10n, 'OPEN'), () => part(0n, 0n), part(0n, 0n));
  expect(through.totalClaimableWei).toBe(0n);
  expect(through.snapshots[0]?.state).toBe('NOTHING');
});

it('what the pool claimed or missed is claimed or missed for its depositors', () => {
  const claimed = throughPool(owed(9n, 'CLAIMED'), () => part(1n), part(1n));
  expect([claimed.claimedWei, claimed.totalClaimableWei, claimed.expiredWei]).toEqual([3n, 0n, 0n]);
  const expired = throughPool(owed(9n, 'EXPIRED'), () => part(1n), part(1n));
  expect([expired.claimedWei, expired.totalClaimableWei, expired.expiredWei]).toEqual([0n, 0n, 3n]);
});

it('a snapshot whose shares are not known is left out of the sums and named', () => {
  const through = throughPool(owed(9n, 'OPEN'), () => null, part(1n));
  expect(through.unknownSnapshots).toEqual([1]);
  expect(through.totalClaimableWei).toBe(0n);
  // Also behind a further pool.
  const behind = throughPool(through, () => part(1n), part(1n));
  expect(behind.unknownSnapshots).toEqual([1]);
});

it.each<[string, ShareMovement<string>, readonly (readonly [string, bigint, bigint])[]]>([
  ['a raise', { kind: 'raise', depositor: 'a', shares: 2n }, [['a', 7n, 12n]]],
  ['a withdrawal of all', { kind: 'lower', depositor: 'a', shares: 5n }, [['a', 0n, 5n]]],
  ['a new amount', { kind: 'set', depositor: 'b', shares: 1n }, [['b', 1n, 6n]]],
  [
    'a move',
    { kind: 'move', from: 'a', to: 'b', shares: 4n },
    [
      ['a', 1n, 6n],
      ['b', 9n, 10n],
    ],
  ],
  ['a move to the same account', { kind: 'move', from: 'a', to: 'a', shares: 4n }, []],
  ['nothing', { kind: 'raise', depositor: 'a', shares: 0n }, []],
])('%s changes the shares of its depositors and of all', (_, movement, expected) => {
  const after = moveShares(movement, 10n, () => 5n);
  expect(after.map((one) => [one.depositor, one.shares, one.totalShares])).toEqual(expected);
});

it('nobody gives up more shares than it has, not even to itself', () => {
  const of = (movement: ShareMovement<string>) => () => moveShares(movement, 10n, () => 5n);
  expect(of({ kind: 'lower', depositor: 'a', shares: 6n })).toThrow(
    /a gives up 6 shares and has 5/,
  );
  expect(of({ kind: 'move', from: 'a', to: 'a', shares: 6n })).toThrow(/gives up 6 shares/);
});
