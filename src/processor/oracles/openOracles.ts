import type { ChainNode } from '../../chain/node.js';
import { oracleStart } from '../../chain/oracle/oracleStart.js';
import type { OracleConfig } from '../../config/contracts/oracles.js';
import type { ChainConfig } from '../../config/types.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import {
  type IndexedContract,
  insertContract,
  readContracts,
} from '../../store/registry/contracts.js';
import { readCursor } from '../../store/write/cursor.js';
import { type Opening, reconcile } from '../desks/reconcile.js';

/**
 * Makes the configured oracles ready to index: reads known ones from the database, and finds new
 * ones on the chain. Indexing may start after the deployment of an oracle.
 *
 * @throws ImoError `ORACLE_NOT_A_CONTRACT`, and as `reconcile` does.
 */
export async function openOracles(
  db: SqlClient,
  node: ChainNode,
  chain: ChainConfig,
): Promise<Opening<IndexedContract[]>> {
  const cursor = await readCursor(db, chain.id);
  return reconcile<OracleConfig, IndexedContract>({
    kind: 'oracle',
    chain,
    configured: chain.oracles,
    known: await readContracts(db, chain.id, 'oracle'),
    indexedTo: cursor?.head.height ?? null,
    async detect(config) {
      const { address, label } = config;
      const startBlock = await oracleStart(node, config, chain.startBlock);
      const contract = { address, label, startBlock, kind: 'oracle' } as const;
      const insert = async (writer: SqlClient) => ({
        ...contract,
        number: await insertContract(writer, chain.id, contract),
      });
      return { startBlock, insert };
    },
  });
}
