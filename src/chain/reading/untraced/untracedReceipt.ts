import type { Address } from '../../../address.js';

/** What brought money that no frame shows; docs/reliability.md says how each is found. */
export type UntracedCause =
  | 'withdrawal'
  | 'tips'
  | 'genesis'
  | 'before-contract'
  | 'selfdestruct'
  | 'unknown';

/**
 * ETH that no call frame brought: tips to the block's proposer, withdrawals, block
 * rewards, money that was there before the contract (docs/domain.md#order). Or an ERC-20 that no log
 * brought: its balances grow by themselves, or it was there before the token accepted it.
 */
export interface UntracedReceipt {
  readonly kind: 'untraced';
  readonly cause: UntracedCause;
  /** `null` for ETH. */
  readonly asset: Address | null;
  readonly amountWei: bigint;
  /**
   * Before the first operation of the block, after one of its transactions, between two operations,
   * or at its end. `open`: only the amounts of the block can prove the place.
   */
  readonly when: 'start' | 'after-transaction' | 'between' | 'end' | 'open';
  /** The transaction whose tip it is, or whose self-destruct brought it. */
  readonly transactionIndex: number | null;
  readonly transactionHash: string | null;
}
