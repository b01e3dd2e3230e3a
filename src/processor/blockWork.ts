import type { BlockHeader } from '../chain/node.js';
import type { Operation } from '../chain/operation.js';
import type { TokenBook } from './tokenBook.js';

/** What there is to book of one block. */
export interface BlockWork {
  readonly header: BlockHeader;
  readonly proposer: string;
  readonly byBook: Map<TokenBook, Operation[]>;
}
