import type { BlockHeader } from '../../../chain/node.js';
import type { ContractTerms } from '../../../ledger/terms.js';

/** Other terms of a token from a place in a block on. */
export interface FoundChange {
  readonly header: BlockHeader;
  readonly terms: ContractTerms;
  /** The only transaction of the block that may have changed them; `null`: there is none, or several. */
  readonly transaction: { readonly index: number; readonly hash: string } | null;
}
