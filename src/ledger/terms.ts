import { isOpen, type TokenRules } from './apply.js';
import { LedgerError } from './errors.js';
import type { RevenuePolicy } from './policies/policy.js';
import { lastSnapshotId, type PoolState, type RevenueTerms, unclaimedWei } from './state.js';

/** What a contract says about itself at the end of a block. */
export interface ContractTerms extends RevenueTerms {
  /** Claims are paused; `null`: the contract has no getter that says it. */
  readonly isPaused: boolean | null;
}

/** The terms that hold from a block on. */
export interface TermsChange {
  readonly block: number;
  readonly terms: ContractTerms;
}

/** A policy never changes; its terms do, from block to block. */
export interface RulesHistory {
  readonly policy: RevenuePolicy;
  /** The terms before the first change. */
  readonly first: ContractTerms;
  /** Ascending by block. */
  readonly changes: readonly TermsChange[];
  /** The terms of earlier blocks are not in this history. */
  readonly knownFrom: number;
}

/** A policy with the terms of one block. */
export interface RulesAtBlock extends TokenRules {
  readonly terms: ContractTerms;
}

/**
 * The rules at the end of a block.
 *
 * @throws LedgerError `LEDGER_TERMS_UNKNOWN` for a block before the history begins
 */
export function rulesAt(history: RulesHistory, block: number): RulesAtBlock {
  const { policy, first, changes, knownFrom } = history;
  if (block < knownFrom) {
    throw new LedgerError(
      'LEDGER_TERMS_UNKNOWN',
      `the terms of block ${block} are not available: the contract changed them very often, and only ` +
        `those from block ${knownFrom} on are loaded`,
      `Ask about block ${knownFrom} or later.`,
    );
  }
  const change = changes.findLast((candidate) => candidate.block <= block);
  return { policy, terms: change?.terms ?? first };
}

/** Whether two terms are the same in all that a contract says. */
export function areSameTerms(one: ContractTerms, other: ContractTerms): boolean {
  return (
    shareSame(one, other) &&
    one.interval === other.interval &&
    one.intervalUnit === other.intervalUnit &&
    one.isPaused === other.isPaused
  );
}

/** Whether two terms give the same amounts. The time of the next snapshot is not an amount. */
export function shareSame(one: RevenueTerms, other: RevenueTerms): boolean {
  return one.percentClaimable === other.percentClaimable && one.window === other.window;
}

/** What a change of the window did to a snapshot. */
export interface WindowMove {
  readonly snapshotId: number;
  /** Unclaimed wei that came back into the claim pool (positive), or became new revenue (negative). */
  readonly wei: bigint;
}

/**
 * Other terms hold from now on. Where the rest of a snapshot rolls over, a contract computes its claim
 * pool from the snapshots in the window that it has now (docs/policies.md#terms-that-change): a smaller window
 * makes the rest of older snapshots new revenue, a larger one takes it back. So a larger window may
 * bring new revenue below zero: then the contract refuses snapshots and burns until revenue makes up
 * for it.
 */
export function applyTerms(
  { policy, terms }: TokenRules,
  state: PoolState,
  next: RevenueTerms,
): { readonly state: PoolState; readonly moves: readonly WindowMove[] } {
  if (policy.parts.rollOver === 'none' || terms.window === next.window) return { state, moves: [] };
  const last = lastSnapshotId(state);
  const moves: WindowMove[] = [];
  for (let snapshotId = 1; snapshotId <= last; snapshotId++) {
    const isClaimable = isOpen(next, snapshotId, last);
    const wei = unclaimedWei(state, snapshotId);
    if (wei === 0n || isOpen(terms, snapshotId, last) === isClaimable) continue;
    moves.push({ snapshotId, wei: isClaimable ? wei : -wei });
  }
  const claimPoolWei = moves.reduce((sum, { wei }) => sum + wei, state.claimPoolWei);
  return { state: { ...state, claimPoolWei }, moves };
}
