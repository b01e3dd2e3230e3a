import { type Address, checksummed } from '../address.js';
import { detectCollection } from '../chain/collection/detectCollection.js';
import type { ChainNode } from '../chain/node.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { insertCollection } from '../store/collections.js';
import { type IndexedContract, readContracts } from '../store/contracts.js';
import { readCursor } from '../store/cursor.js';
import type { SqlClient } from '../store/sqlClient.js';

/**
 * Makes the configured collections ready to index: known ones are read from the database,
 * new ones from the chain.
 *
 * @throws ImoError `COLLECTION_MISSING_IN_CONFIG` or `COLLECTION_ADDED_LATE` if config and
 *   database do not fit, and what `detectCollection` throws.
 */
export async function openCollections(
  db: SqlClient,
  node: ChainNode,
  chain: ChainConfig,
): Promise<IndexedContract[]> {
  const known = new Map<Address, IndexedContract>();
  for (const row of await readContracts(db, chain.id, 'collection')) known.set(row.address, row);
  const wanted = new Set(chain.collections.map(({ address }) => address));
  for (const address of known.keys()) {
    if (!wanted.has(address)) throw missingInConfig(chain, address);
  }
  const cursor = await readCursor(db, chain.id);
  const collections: IndexedContract[] = [];
  for (const config of chain.collections) {
    const row = known.get(config.address);
    if (row !== undefined) {
      collections.push(row);
      continue;
    }
    const detected = await detectCollection(node, config, chain.startBlock);
    if (cursor !== null && cursor.head.height >= detected.startBlock) {
      throw addedLate(chain, config.address, cursor.head.height, detected.startBlock);
    }
    const { address, label } = config;
    collections.push(await insertCollection(db, chain.id, { address, label, ...detected }));
  }
  return collections;
}

function missingInConfig(chain: ChainConfig, address: Address): ImoError {
  return new ImoError(
    'COLLECTION_MISSING_IN_CONFIG',
    `the database has collection ${checksummed(address)} on chain ${chain.id}, the config has not`,
    'Put it back, or index into another database: its tokens would silently stop moving.',
  );
}

function addedLate(
  chain: ChainConfig,
  address: Address,
  height: number,
  startBlock: number,
): ImoError {
  return new ImoError(
    'COLLECTION_ADDED_LATE',
    `collection ${checksummed(address)} starts in block ${startBlock}, chain ${chain.id} is indexed to ${height} already`,
    'Index into a new database with all collections in the config.',
  );
}
