import type pg from 'pg';
import type { Address } from '../../address.js';
import type { BlockHeader } from '../../chain/node.js';
import type { ChainConfig } from '../../config/types.js';
import { type ChainCursor, readCursor } from '../../store/write/cursor.js';

/** The books of one chain of the config, in a database whose tables are current. */
export interface BooksSubject {
  readonly chain: ChainConfig;
  readonly pool: pg.Pool;
  /** `null`: nothing is indexed. */
  readonly cursor: ChainCursor | null;
  /** What the endpoint with the newest head has; `null`: none answers. */
  node(): Promise<ChainView | null>;
}

export interface ChainView {
  readonly head: BlockHeader;
  blockHash(block: number): Promise<string>;
  /** At its head; `0x`: there is no contract. */
  code(address: Address): Promise<string>;
}

/** The books of a chain as they are now. */
export async function readBooks(
  options: Omit<BooksSubject, 'cursor'>,
): Promise<{ readonly subject: BooksSubject; readonly findings: [] }> {
  const cursor = await readCursor(options.pool, options.chain.id);
  return { subject: { ...options, cursor }, findings: [] };
}
