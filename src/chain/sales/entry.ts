import type { Address } from '../../address.js';
import type { SaleEntryKind } from '../../ledger/sales/sale.js';

/** One canonical entry of a sale, in execution order. Amounts that it has not are 0. */
export interface SaleEntry {
  readonly kind: SaleEntryKind;
  /** Whose deposit, tokens or money it is; `null` for a finalisation. */
  readonly participant: Address | null;
  /** Who called the sale, where that is known: it may act for somebody else. */
  readonly caller: Address | null;
  /** Smallest units of the raise asset. */
  readonly raiseAmount: bigint;
  /** Token units. */
  readonly tokenAmount: bigint;
  /** A purchase that paid the tokens out at once. */
  readonly isDelivered: boolean;
  readonly transactionIndex: number;
  readonly transactionHash: string;
}
