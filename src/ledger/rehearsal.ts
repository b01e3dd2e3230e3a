import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  isOpen,
  quoteOf,
  type TokenRules,
} from './apply.js';
import { redemptionRates, snapshotShareWei } from './entitlement.js';
import { LedgerError } from './errors.js';
import { EMPTY_POOLS, lastSnapshotId, type PoolState } from './state.js';

/** What one call of a rehearsal does to a contract, or asks it. Amounts are in wei or token units. */
export type RehearsalStep =
  | { readonly kind: 'receipt'; readonly wei: bigint }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'claim'; readonly snapshotId: number }
  | { readonly kind: 'burn'; readonly amount: bigint }
  /** The holder gives some to somebody who never claims. */
  | { readonly kind: 'transfer'; readonly amount: bigint }
  | { readonly kind: 'claimable'; readonly snapshotId: number }
  | { readonly kind: 'redeemable'; readonly amount: bigint }
  | { readonly kind: 'balance' };

/** What the contract answered. */
export interface RehearsalAnswer {
  /** The call did not revert. A snapshot that logged nothing was not taken: `false`. */
  readonly succeeded: boolean;
  /** What a question answered; `null` where it reverted, and for other steps. */
  readonly value: bigint | null;
}

/** A rehearsal, step by step, by one holder. */
export interface Rehearsal {
  readonly supply: bigint;
  /** Of the holder who claims and burns. */
  readonly held: bigint;
  /** What the contract holds before the first step. */
  readonly balanceWei: bigint;
  /** The pools before the first step; `null`: the contract took no snapshot so far. */
  readonly pools: PoolState | null;
  readonly steps: readonly { readonly step: RehearsalStep; readonly answer: RehearsalAnswer }[];
}

interface Stage {
  pools: PoolState;
  held: bigint;
  /** The holder's balance at each snapshot. */
  readonly heldAt: bigint[];
  readonly claimed: Set<number>;
}

/**
 * Replays a rehearsal by a policy. What the contract refused to do is left out of the books too; a
 * figure that it reports otherwise is a difference.
 *
 * @returns in words, the first figure that differs; `null` if every figure is the policy's
 */
export function rehearsalDifference(rules: TokenRules, rehearsal: Rehearsal): string | null {
  const { supply, held, balanceWei, steps } = rehearsal;
  const pools = rehearsal.pools ?? { ...EMPTY_POOLS, supply, balanceWei };
  const stage: Stage = {
    pools,
    held,
    // Nothing is asked about the snapshots that were taken before.
    heldAt: pools.snapshots.map(() => 0n),
    claimed: new Set(),
  };
  try {
    for (const { step, answer } of steps) {
      const difference = replay(rules, stage, step, answer);
      if (difference !== null) return difference;
    }
    return null;
  } catch (error) {
    if (error instanceof LedgerError) return error.message;
    throw error;
  }
}

function replay(
  rules: TokenRules,
  stage: Stage,
  step: RehearsalStep,
  { succeeded, value }: RehearsalAnswer,
): string | null {
  switch (step.kind) {
    case 'claimable':
      return differing(
        `claimableRevenue of snapshot ${step.snapshotId} of ${lastSnapshotId(stage.pools)}`,
        claimableWei(rules, stage, step.snapshotId),
        // A snapshot that cannot be claimed may revert.
        value ?? 0n,
      );
    case 'redeemable': {
      const owed = redeemableWei(rules, stage, step.amount);
      const figure = `redeemableOnBurn of ${step.amount} of ${stage.pools.supply}`;
      // Overflow reverts in the contract, and is not a figure of the policy.
      return owed === null || value === null ? null : differing(figure, owed, value);
    }
    case 'balance':
      return differing('the balance of the contract', stage.pools.balanceWei, value ?? 0n);
    default:
      if (succeeded) act(rules, stage, step);
      return null;
  }
}

function act(
  rules: TokenRules,
  stage: Stage,
  step: Extract<RehearsalStep, { kind: 'receipt' | 'snapshot' | 'claim' | 'burn' | 'transfer' }>,
): void {
  switch (step.kind) {
    case 'receipt':
      stage.pools = applyReceipt(stage.pools, step.wei);
      return;
    case 'snapshot': {
      const id = BigInt(lastSnapshotId(stage.pools) + 1);
      stage.pools = applySnapshot(rules, stage.pools, id).state;
      stage.heldAt.push(stage.held);
      return;
    }
    case 'claim': {
      const share = claimableWei(rules, stage, step.snapshotId);
      stage.pools = applyClaim(rules, stage.pools, step.snapshotId, share);
      stage.claimed.add(step.snapshotId);
      return;
    }
    case 'transfer':
      stage.held -= step.amount;
      return;
    case 'burn': {
      const paid = redeemableWei(rules, stage, step.amount) ?? 0n;
      stage.pools = applyRedemption(rules, stage.pools, step.amount, paid).state;
      stage.pools = applySupplyChange(stage.pools, -step.amount);
      stage.held -= step.amount;
    }
  }
}

function claimableWei({ terms }: TokenRules, stage: Stage, snapshotId: number): bigint {
  const pool = stage.pools.snapshots[snapshotId - 1];
  if (pool === undefined || stage.claimed.has(snapshotId)) return 0n;
  if (!isOpen(terms, snapshotId, lastSnapshotId(stage.pools))) return 0n;
  return snapshotShareWei(pool, stage.heldAt[snapshotId - 1] ?? 0n);
}

function redeemableWei(rules: TokenRules, { pools }: Stage, amount: bigint): bigint | null {
  if (pools.supply === 0n) return 0n;
  const quote = quoteOf(redemptionRates(rules, pools), amount);
  return quote === null ? null : quote.fromNewWei + quote.fromPoolWei;
}

function differing(figure: string, ours: bigint, contract: bigint): string | null {
  return ours === contract ? null : `${figure} is ${contract}, not ${ours}`;
}
