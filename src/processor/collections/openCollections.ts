import type { Address } from '../../address.js';
import { type Behaviour, behaviourOf } from '../../chain/collection/behaviour.js';
import { detectCollection } from '../../chain/collection/detectCollection.js';
import type { ChainNode } from '../../chain/node.js';
import type { ChainConfig } from '../../config/types.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { readCollections } from '../../store/read/collections/collections.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { insertCollection, noteBehaviour } from '../../store/registry/collections.js';
import { type IndexedContract, readContracts } from '../../store/registry/contracts.js';
import { readCursor } from '../../store/write/cursor.js';
import { type Opening, reconcile } from '../desks/reconcile.js';

/**
 * Makes the configured collections ready to index. It examines a collection without an interface id
 * again: a fork or other code may have replaced what it was recognised by.
 *
 * @throws ImoError what `reconcile` and `detectCollection` throw.
 */
export async function openCollections(
  db: SqlClient & Queryable,
  node: ChainNode,
  chain: ChainConfig,
  refuses: (address: Address, error: unknown) => boolean,
): Promise<Opening<IndexedContract[]>> {
  const note = await lookAgain(db, node, chain.id);
  const collections = await reconcile({
    kind: 'collection',
    chain,
    configured: chain.collections,
    known: await readContracts(db, chain.id, 'collection'),
    indexedTo: (await readCursor(db, chain.id))?.head.height ?? null,
    refuses,
    async detect(config) {
      const detected = await detectCollection(node, config, chain.startBlock);
      const { address, label } = config;
      return {
        startBlock: detected.startBlock,
        insert: (writer) => insertCollection(writer, chain.id, { address, label, ...detected }),
      };
    },
  });
  return {
    ...collections,
    async write(writer) {
      await note(writer);
      return collections.write(writer);
    },
  };
}

async function lookAgain(
  db: SqlClient & Queryable,
  node: ChainNode,
  chainId: number,
): Promise<(writer: SqlClient) => Promise<void>> {
  const seen: { readonly number: number; readonly behaviour: Behaviour }[] = [];
  for (const { number, address, ...known } of await readCollections(db, chainId)) {
    if (known.recognisedBy === 'interface') continue;
    if (known.archivedBlock !== null) continue;
    const behaviour = await behaviourOf(node, address, await node.headNumber());
    if (behaviour !== null) seen.push({ number, behaviour });
  }
  return async (writer) => {
    for (const { number, behaviour } of seen) await noteBehaviour(writer, number, behaviour);
  };
}
