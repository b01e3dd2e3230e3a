import type { Address } from '../../address.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { EarliestSnapshotType } from '../objects/tokens/token.js';
import type { ClaimExpiry } from './expiry.js';
import type { ClaimTransaction } from './transactions.js';

/** The chain's own coin or an ERC-20 that a token shares. */
export interface ClaimAsset {
  /** `null`: the chain's own coin. */
  readonly address: Address | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/** The chain's own coin. Its symbol is not known to us. */
export const CHAIN_COIN: ClaimAsset = { address: null, symbol: null, decimals: 18 };

/** What a claim pays in one asset, in its smallest unit. */
export interface ClaimPayment {
  readonly asset: ClaimAsset;
  readonly amount: bigint;
  /** When it can be claimed. */
  readonly asOf: AsOf;
}

/** A claim of one snapshot. */
export interface PlannedClaim {
  readonly snapshotId: number;
  /** Assets in which it pays nothing are left out. */
  readonly pays: readonly ClaimPayment[];
  readonly expiry: ClaimExpiry;
  /** EIP-681. */
  readonly link: string;
}

/** One transaction and what it pays. */
export interface ClaimStep {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly claims: readonly PlannedClaim[];
  readonly pays: readonly ClaimPayment[];
  /** Of the claim that expires first. */
  readonly expiry: ClaimExpiry;
  readonly transaction: ClaimTransaction;
}

/** What a holder is owed in one asset when the plan is done. */
export interface RemainingClaim {
  readonly asOf: AsOf;
  readonly asset: ClaimAsset;
  readonly entitlement: Entitlement;
}

/** What the plan leaves of one token. */
export interface ClaimRemainder {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly roundedToNothing: readonly number[];
  readonly assets: readonly RemainingClaim[];
  readonly nextSnapshot: EarliestSnapshotType | null;
}

/** What a holder should claim now, as of one block of each chain. */
export interface ClaimPlan {
  readonly address: Address;
  readonly asOf: readonly AsOf[];
  /** In the order in which they expire. */
  readonly steps: readonly ClaimStep[];
  readonly remains: readonly ClaimRemainder[];
}
