import { readHashedBlocks, readNumberedBooks } from '../../store/ledgerHash/blockParts.js';
import { genesisHash } from '../../store/ledgerHash/ledgerDigest.js';
import { readHashPoints, readLedgerHash } from '../../store/read/chains/ledgerHashes.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { Deployment } from './deployment.js';

/** The deployment whose database this is. */
export function localDeployment(db: Queryable): Deployment {
  return {
    name: 'here',
    async hashedTo(chainId) {
      return (await readHashPoints(db)).get(chainId)?.block ?? null;
    },
    async hashAt(chainId, block) {
      return (await readLedgerHash(db, chainId, block))?.hash ?? genesisHash(chainId);
    },
    async partsOf(chainId, block) {
      const books = await readNumberedBooks(db, chainId);
      const range = { after: block - 1, upTo: block, limit: 1 };
      const [found] = await readHashedBlocks(db, chainId, books, range);
      return found?.parts ?? [];
    },
  };
}
