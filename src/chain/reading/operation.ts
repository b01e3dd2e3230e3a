import type { Address } from '../../address.js';
import type { Origin } from './origin.js';

/**
 * What a block did to one token, in exact execution order (docs/domain.md#order). Amounts of
 * claims and redemptions are what the contract paid, read from its payment frames.
 */
export type Operation =
  | Receipt
  | TokenTransfer
  | SnapshotTaken
  | Claim
  | Redemption
  | AssetAccepted
  | AssetOutflow
  | AssetSeen;

/** An amount of an ERC-20, in its smallest unit. */
export interface AssetAmount {
  readonly asset: Address;
  readonly amount: bigint;
}

interface InTransaction {
  readonly transactionIndex: number;
  readonly transactionHash: string;
}

export interface Receipt extends InTransaction {
  readonly kind: 'receipt';
  readonly receiptKind: 'call' | 'creation' | 'selfdestruct' | 'transfer';
  /** The ERC-20 that came, `null` for ETH. */
  readonly asset: Address | null;
  readonly payer: Address;
  /** Wei, or the smallest unit of the asset. */
  readonly amountWei: bigint;
  /** First four bytes of the call data, or `null` for a plain transfer. */
  readonly selector: string | null;
  readonly origin: Origin;
}

export interface TokenTransfer extends InTransaction {
  readonly kind: 'transfer';
  readonly logIndex: number;
  readonly from: Address;
  readonly to: Address;
  /** Token units. */
  readonly amount: bigint;
}

export interface SnapshotTaken extends InTransaction {
  readonly kind: 'snapshot';
  readonly snapshotId: bigint;
}

export interface Claim extends InTransaction {
  readonly kind: 'claim';
  readonly holder: Address;
  readonly snapshotId: bigint;
  readonly amountWei: bigint;
  /** What it paid in addition to ETH (AltRevToken). */
  readonly paidInAssets: readonly AssetAmount[];
  /**
   * The amounts are for several snapshots together: these ids, or all that had a share left. It is
   * split before it is booked. Left out: for `snapshotId` alone.
   */
  readonly sumOf?: readonly bigint[] | 'all';
  /** The amounts may be for older snapshots too: what was paid shows it. */
  readonly isLoose?: true;
}

export interface Redemption extends InTransaction {
  readonly kind: 'redemption';
  readonly holder: Address;
  /** Token units burned. */
  readonly burned: bigint;
  readonly paidWei: bigint;
  /** What it paid in addition to ETH (AltRevToken). */
  readonly paidInAssets: readonly AssetAmount[];
}

/** The token shares an ERC-20 from now on (AltRevToken). */
export interface AssetAccepted extends InTransaction {
  readonly kind: 'asset-accepted';
  readonly asset: Address;
}

/**
 * The token asked an ERC-20 what it holds of it, which decides what a snapshot assigns and a
 * burn pays. It tells of money that came without a log.
 */
export interface AssetSeen extends InTransaction, AssetAmount {
  readonly kind: 'asset-seen';
}

/** An ERC-20 left the token, but not by a claim or a burn. Wrong only for a revenue asset. */
export interface AssetOutflow extends InTransaction, AssetAmount {
  readonly kind: 'asset-outflow';
  readonly to: Address;
}

/** What a transaction did to a token, in an order that is proven or one of several possible. */
export interface OrderedOperations {
  /** In execution order. Where that is not proven, in the order that is most likely. */
  readonly operations: readonly Operation[];
  /**
   * Every other order that the record allows and that may give other figures, as indices into
   * `operations`; none: the order is proven. `null`: there are too many to try.
   */
  readonly alternatives: readonly (readonly number[])[] | null;
}
