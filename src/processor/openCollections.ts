import { detectCollection } from '../chain/collection/detectCollection.js';
import type { ChainNode } from '../chain/node.js';
import type { ChainConfig } from '../config/types.js';
import { insertCollection } from '../store/collections.js';
import { type IndexedContract, readContracts } from '../store/contracts.js';
import { readCursor } from '../store/cursor.js';
import type { SqlClient } from '../store/sqlClient.js';
import { reconcile } from './reconcile.js';

/**
 * Makes the configured collections ready to index.
 *
 * @throws ImoError what `reconcile` and `detectCollection` throw.
 */
export async function openCollections(
  db: SqlClient,
  node: ChainNode,
  chain: ChainConfig,
): Promise<IndexedContract[]> {
  return reconcile({
    kind: 'collection',
    chain,
    configured: chain.collections,
    known: await readContracts(db, chain.id, 'collection'),
    indexedTo: (await readCursor(db, chain.id))?.head.height ?? null,
    async detect(config) {
      const detected = await detectCollection(node, config, chain.startBlock);
      const { address, label } = config;
      return {
        startBlock: detected.startBlock,
        insert: () => insertCollection(db, chain.id, { address, label, ...detected }),
      };
    },
  });
}
