import { readLedgerHash } from '../read/chains/ledgerHashes.js';
import type { Hex } from '../read/query/decode.js';
import type { Queryable } from '../read/query/queryable.js';
import { readHashedBlocks, readNumberedBooks } from './blockParts.js';
import { chainHashes } from './hashChain.js';
import { genesisHash } from './ledgerDigest.js';

/** A block whose rows no longer match the stored hash. */
export interface AlteredBlock {
  readonly block: number;
  readonly hashedAs: Hex;
  /** Hash of the rows as they are now. */
  readonly hashesTo: Hex;
}

const BLOCKS_AT_ONCE = 500;

/**
 * Hashes all rows of a chain again up to a block. Returns the first block that does not give the
 * hash that was stored when it became final.
 */
export async function findAlteredBlock(
  db: Queryable,
  chainId: number,
  upTo: number,
): Promise<AlteredBlock | null> {
  const books = await readNumberedBooks(db, chainId);
  let before = genesisHash(chainId);
  let after = -1;
  for (;;) {
    const blocks = await readHashedBlocks(db, chainId, books, {
      after,
      upTo,
      limit: BLOCKS_AT_ONCE,
    });
    const last = blocks.at(-1);
    if (last === undefined) return null;
    const hashes = chainHashes(before, blocks);
    const now = hashes.at(-1)?.hash ?? before;
    const stored = (await readLedgerHash(db, chainId, last.number))?.hash ?? genesisHash(chainId);
    if (now !== stored) {
      for (const block of blocks) {
        const hashesTo = chainHashes(before, [block])[0]?.hash ?? before;
        const hashedAs =
          (await readLedgerHash(db, chainId, block.number))?.hash ?? genesisHash(chainId);
        if (hashesTo !== hashedAs) return { block: block.number, hashedAs, hashesTo };
        before = hashesTo;
      }
    }
    before = now;
    after = last.number;
  }
}
