import type { Rate } from '../rate.js';
import type { PoolState, RevenueTerms } from '../state.js';
import type { PolicyParts } from './parts.js';
import type { StorageLayout } from './storage.js';

/** What a contract's public getters answered: `null` where it has no such getter. */
export type Getters = Readonly<Record<string, bigint | null>>;

/** What a snapshot taken now would make claimable, in wei. */
export interface SnapshotAssignment {
  /** `x`: the holders' part of new revenue. */
  readonly freshWei: bigint;
  /** What comes back from a snapshot that leaves the window. */
  readonly rolledOverWei: bigint;
}

/** What burning pays, in wei, by the pool it is taken from. */
export interface RedemptionQuote {
  readonly fromNewWei: bigint;
  readonly fromPoolWei: bigint;
}

/** What burning one token unit pays, by the pool it is taken from: each is rounded down by itself. */
export interface RedemptionRates {
  readonly fromNew: Rate;
  readonly fromPool: Rate;
}

/** How money is shared: what a snapshot assigns, and what burning pays. */
export interface ShareRules {
  /** What the next snapshot would assign. */
  assignment(terms: RevenueTerms, state: PoolState): SnapshotAssignment;
  /**
   * What burning pays now. The supply must not be 0: the contract divides by it and reverts.
   */
  redemptionRates(terms: RevenueTerms, state: PoolState): RedemptionRates;
}

/** The terms of a contract, or what its getters say otherwise than a policy. */
export interface GetterFit {
  /** `null` where `differences` is not empty. */
  readonly terms: RevenueTerms | null;
  readonly differences: readonly GetterDifference[];
}

/** A getter that does not fit a part of a policy. */
export interface GetterDifference {
  readonly part: 'percent' | 'window' | 'interval' | 'revenue' | 'own';
  /** In words, naming the getter. */
  readonly text: string;
}

/**
 * How one family of ERC-7641 contracts shares revenue. Pure: everything that differs
 * between the families, and nothing else. It is composed from parts; a family is one file in
 * `policies/known`.
 */
export interface RevenuePolicy extends ShareRules {
  readonly name: string;
  /** What all else here follows from. */
  readonly parts: PolicyParts;
  /**
   * The contract shares ERC-20 assets: in addition to ETH (AltRevToken), or one instead of it. Each asset
   * has pools of its own, over the same balances, supply and snapshots; a claim and a burn pay
   * in all of them.
   */
  readonly sharesAssets: boolean;
  /** ETH in the contract is revenue. If it is not, it is in no books, and views mean the asset. */
  readonly sharesEth: boolean;
  /**
   * Views of the contract that say what the books say too, as Solidity signatures: the audit
   * compares them. Those of a settled snapshot may revert.
   */
  readonly views: readonly string[];
  /** Where its contracts keep their private pools; `null`: that is not known. */
  readonly storage: StorageLayout | null;
  /** Getters of its own numbers, with what they say; `null` before a contract was asked. */
  readonly ownGetters: ReadonlyMap<string, bigint | null>;
  /** This policy with the numbers that a contract's getters say; the same if it has none, or has them. */
  forContract(getters: Getters): RevenuePolicy;
  /** Compares what a contract's getters answered with the parts. */
  fit(getters: Getters): GetterFit;
  /** The terms of a contract of this family, or `null` if the answers do not fit it. */
  termsFrom(getters: Getters): RevenueTerms | null;
}
