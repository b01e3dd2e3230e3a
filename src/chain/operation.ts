import type { Address } from '../address.js';
import type { Origin } from './origin.js';

/**
 * What a block did to one token, in exact execution order (DOMAIN.md 3). Amounts of
 * claims and redemptions are what the contract paid, read from its payment frames.
 */
export type Operation = Receipt | TokenTransfer | SnapshotTaken | Claim | Redemption;

interface InTransaction {
  readonly transactionIndex: number;
  readonly transactionHash: string;
}

export interface Receipt extends InTransaction {
  readonly kind: 'receipt';
  readonly receiptKind: 'call' | 'creation' | 'selfdestruct';
  readonly payer: Address;
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
}

export interface Redemption extends InTransaction {
  readonly kind: 'redemption';
  readonly holder: Address;
  /** Token units burned. */
  readonly burned: bigint;
  readonly paidWei: bigint;
}
