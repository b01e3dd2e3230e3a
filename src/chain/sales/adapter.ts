import type { Address } from '../../address.js';
import type { SaleCustody } from '../../ledger/sales/saleJournal.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import type { SaleEntry } from './entry.js';

/** The contract of a sale and what is exchanged in it. */
export interface SaleContract {
  readonly address: Address;
  /** The token sold. */
  readonly token: Address;
  /** The ERC-20 raised; `null` for the chain's own coin. */
  readonly raiseAsset: Address | null;
}

/**
 * Turns what transactions did to one sale contract into canonical entries. A new kind of
 * sale is one file next to this one and one line in the registry.
 */
export interface SaleAdapter {
  /** First topics of the logs that it reads. */
  readonly topics: readonly string[];
  /** Whether it reads the call frames to and from the contract. */
  readonly needsFrames: boolean;
  /** Call data of a view that says what was paid in so far, to check the books against. */
  readonly raisedView: string | null;
  /** Who has the money that was paid in. */
  readonly custody: SaleCustody;
  /**
   * The entries of a transaction in execution order.
   *
   * @throws ImoError if something happened that the kind of sale does not explain.
   */
  entriesOf(record: TransactionRecord): SaleEntry[];
}
