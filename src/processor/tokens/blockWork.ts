import type { BlockHeader } from '../../chain/node.js';
import type { OpenOrder } from '../../chain/reading/openOrder.js';
import type { Operation } from '../../chain/reading/operation.js';
import type { SilentDestruction } from '../../chain/reading/untraced/untracedCauses.js';
import type { TokenBook } from './book/tokenBook.js';

/** What there is to book of one block. */
export interface BlockWork {
  readonly header: BlockHeader;
  readonly byBook: Map<TokenBook, Operation[]>;
  /** Tokens whose code it changed. */
  readonly upgraded: ReadonlySet<TokenBook>;
  /** The transactions whose order only the amounts can prove. */
  readonly openOrders: ReadonlyMap<TokenBook, readonly OpenOrder[]>;
  /** By token: self-destructs that name it without an amount. */
  readonly destructions: ReadonlyMap<string, readonly SilentDestruction[]>;
}
