import { checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { detectPool } from '../../chain/pools/detectPool.js';
import { type PoolContract, type PoolReader, poolReader } from '../../chain/pools/poolEvents.js';
import type { PoolMapping } from '../../config/pools/poolMapping.js';
import type { PoolConfig } from '../../config/pools/pools.js';
import { tokenBehind } from '../../config/pools/tokenBehind.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { chainIdOf, isJoining } from '../../store/booksKey.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { type DepositPoolRecord, readDepositPools } from '../../store/read/pools/depositPools.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { continues } from '../../store/registry/continues.js';
import { insertDepositPool } from '../../store/registry/pools.js';
import { readCursor } from '../../store/write/cursor.js';
import { type Opening, reconcile } from '../desks/reconcile.js';

/** A pool that is being indexed. */
export interface IndexedPool {
  readonly number: number;
  readonly contract: PoolContract;
  readonly startBlock: number;
  readonly mapping: PoolMapping;
  readonly reader: PoolReader;
}

type Described = Omit<DepositPoolRecord, 'chainId' | 'archivedBlock' | 'heldBlock'>;

/**
 * Makes the configured pools ready to index.
 *
 * @param whole the config with all contracts, where `chain` has only those that join
 * @throws ImoError `POOL_CHANGED`, those of `tokenBehind`, and what `reconcile` and `detectPool` throw.
 */
export async function openDepositPools(
  db: SqlClient & Queryable,
  node: ChainNode,
  chain: ChainConfig,
  whole: ChainConfig,
): Promise<Opening<IndexedPool[]>> {
  const configured = chain.lookThrough ?? [];
  const known = (await readDepositPools(db, chain.id)).filter(continues);
  // Pools that join may hold shares of pools that are live.
  const live = isJoining(chain.id) ? await readDepositPools(db, chainIdOf(chain.id)) : [];
  const stays = new Set((whole.lookThrough ?? []).map(({ address }) => address));
  const holds = new Map(
    [...live.filter((pool) => continues(pool) && stays.has(pool.address)), ...known].map((pool) => [
      pool.address,
      pool.holds,
    ]),
  );
  const described = await reconcile<PoolConfig, Described>({
    kind: 'pool',
    chain,
    configured,
    known,
    indexedTo: (await readCursor(db, chain.id))?.head.height ?? null,
    assertUnchanged,
    async detect(config) {
      const detected = await detectPool(node, config, chain.startBlock);
      holds.set(config.address, detected.holds);
      const { address, kind, label } = config;
      const row = { address, kind, label, startBlock: detected.startBlock, holds: detected.holds };
      const mapping = JSON.stringify(detected.mapping);
      return {
        startBlock: detected.startBlock,
        insert: async (writer) => {
          const stored = { ...row, mapping, token: tokenBehind(whole.tokens, holds, address) };
          return { ...stored, number: await insertDepositPool(writer, chain.id, stored) };
        },
      };
    },
  });
  // Before anything is written: what is behind each pool.
  for (const { address } of configured) tokenBehind(whole.tokens, holds, address);
  return {
    ...described,
    write: async (writer) => (await described.write(writer)).map(indexed),
  };
}

function indexed({ number, address, token, startBlock, mapping: stored }: Described): IndexedPool {
  const contract = { address, token };
  // What this program has written.
  const mapping = JSON.parse(stored) as PoolMapping;
  return { number, contract, startBlock, mapping, reader: poolReader(contract, mapping) };
}

function assertUnchanged(row: Described, config: PoolConfig): void {
  const isMapped = config.custom === null || JSON.stringify(config.custom) === row.mapping;
  const changed = [
    ...(row.kind === config.kind ? [] : ['kind']),
    ...((config.token ?? row.holds) === row.holds ? [] : ['token']),
    ...(isMapped ? [] : ['mapping']),
  ];
  if (changed.length === 0) return;
  throw new ImoError(
    'POOL_CHANGED',
    `pool ${checksummed(row.address)} was indexed with another ${changed.join(' and ')} than the config says`,
    'Correct the config, or index into another database.',
  );
}
